-- Everything to the first touch.
case when position = 1 then 1.0 else 0.0 end
