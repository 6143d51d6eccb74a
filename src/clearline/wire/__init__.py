"""Turn bytes into the model and back."""
