"""What revisions call. Projects keep revisions for good, so what stands here keeps its meaning."""
