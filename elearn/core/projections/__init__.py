"""KIT of projections: tables folded from statements, one file each; droppable and rebuilt."""
