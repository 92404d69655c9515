-- Everything to the last touch outside the null channels; if there is none, to the last.
case when position = coalesce(last_named_position, path_length) then 1.0 else 0.0 end
