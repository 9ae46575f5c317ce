// What every page loads. Everything listens on the document, so parts that htmx brings in work at once.

import "htmx.org";
import { startControls } from "./controls/cells";
import { startFiles } from "./controls/files";
import { startNumbers } from "./controls/numbers";
import { startPickers } from "./controls/picker";
import { startDraft } from "./forms/draft";
import { startKept } from "./forms/kept";
import { startLines } from "./forms/lines";
import { startPicking } from "./forms/picking";
import { startFilters } from "./lists/filters";
import { startDialogs } from "./shell/dialogs";
import { startMenus } from "./shell/menus";
import { startNotices } from "./shell/notices";
import { startPages } from "./shell/pages";
import { startPalette } from "./shell/palette";
import { startTabs } from "./shell/tabs";
import { startThemeSwitch } from "./shell/theme_switch";
import { startWhy } from "./shell/why";

startWhy();
startMenus();
startDialogs();
startNotices();
startPages();
startPalette();
startPickers();
startNumbers();
startLines();
startPicking();
startFiles();
startFilters();
startThemeSwitch();
startTabs();
startControls();
startDraft();
startKept();
