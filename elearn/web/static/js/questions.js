// What questions add to the page they stand on; pages without questions do not load it.
import { moveLines } from "./order.js";
import { touchSpots } from "./spots.js";

moveLines(document);
touchSpots(document);
