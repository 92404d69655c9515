-- The same to every touch outside the null channels; if there is none, to every touch.
case
    when named_touches = 0 then 1.0 / path_length
    when is_null_channel then 0.0
    else 1.0 / named_touches
end
