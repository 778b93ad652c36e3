"""The web: what a scan shows, what the public says, and the officers' desk."""
