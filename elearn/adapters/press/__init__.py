"""How a certificate is set: measuring, fitting, template, style sheet, text layer. What runs Pango is press_worker."""
