-- Two fifths each to the first and the last touch, one fifth shared by those between; two
-- touches share evenly.
case
    when path_length <= 2 then 1.0 / path_length
    when position = 1 or position = path_length then 0.4
    else 0.2 / (path_length - 2)
end
