-- The same to every touch.
1.0 / path_length
