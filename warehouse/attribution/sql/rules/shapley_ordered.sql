-- The same to every distinct channel, shared evenly by its touches.
1.0 / (channels_of_path * touches_of_channel)
