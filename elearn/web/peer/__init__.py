"""Other nodes: enrolment and exchange, signed requests, no pages."""
