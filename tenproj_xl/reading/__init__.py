"""Reading: the bytes of untrusted files become cells, or a refusal that says why not."""
