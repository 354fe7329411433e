"""What a browser sees. A page shows queries and calls operations; it decides nothing."""
