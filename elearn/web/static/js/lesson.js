// What pages with the text of a lesson have besides those of every page.
import { readAloud } from "./read_aloud.js";
import { openTerms } from "./terms.js";

openTerms(document);
readAloud(document);
