"""Releases: what was published, under a name; what it lacks; its document, its approval, and what reaches it later."""
