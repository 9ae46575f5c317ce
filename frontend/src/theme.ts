// Runs before anything is drawn, so that a dark page never flashes white and a narrow sidebar stays so. Switching is in shell/theme_switch.ts.

import { applyRail } from "./shell/rail";
import { applyTheme, keptChoice } from "./shell/theme_choice";

applyTheme(keptChoice());
applyRail();
