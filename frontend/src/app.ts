// What every page loads. Everything listens on the document, so parts that htmx brings in work at once.

import "htmx.org";
import { startDialogs } from "./dialogs";
import { startDraft } from "./draft";
import { startFiles } from "./files";
import { startFilters } from "./filters";
import { startLines } from "./lines";
import { startMenus } from "./menus";
import { startNotices } from "./notices";
import { startPages } from "./pages";
import { startPickers } from "./picker";
import { startThemeSwitch } from "./theme_switch";
import { startWhy } from "./why";

startWhy();
startMenus();
startDialogs();
startNotices();
startPages();
startPickers();
startLines();
startFiles();
startFilters();
startThemeSwitch();
startDraft();
