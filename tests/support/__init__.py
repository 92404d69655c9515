"""What several tests share: a warehouse made by hand."""
