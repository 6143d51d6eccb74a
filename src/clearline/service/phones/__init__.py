"""Take what is said by telephone, message and mailbox apart, and act on it."""
