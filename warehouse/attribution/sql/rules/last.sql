-- Everything to the last touch.
case when position = path_length then 1.0 else 0.0 end
