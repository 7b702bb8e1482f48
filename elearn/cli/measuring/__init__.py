"""How fast, how large: what `bench` measures with. Loopback only; ends only the processes it started."""
