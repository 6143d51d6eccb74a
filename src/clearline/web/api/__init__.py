"""Hold the operations of the API, one file per noun."""
