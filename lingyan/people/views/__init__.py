"""Pages of the way in, of oneself, and of other persons."""
