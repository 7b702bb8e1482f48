// Small behaviours of every page. Everything works without them; they make it pleasant.
import { closeMenus } from "./menus.js";
import { guardDoubleSubmit } from "./submit_once.js";
import { countDown } from "./count_down.js";

closeMenus(document);
guardDoubleSubmit(document);
countDown(document);
