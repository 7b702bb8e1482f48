"""Lists of officers: what a form or a sheet says about them, in one clean form, with everything that is wrong."""
