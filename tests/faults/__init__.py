"""What survives a fault: processes killed and calls that fail, bytes that change, two operators at once."""
