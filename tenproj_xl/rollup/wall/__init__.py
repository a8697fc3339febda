"""The wall: 挂图作战 as pages that turn by themselves, one HTML file that needs no program, net or font."""
