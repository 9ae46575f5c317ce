// Runs before anything is drawn, so that a dark page never flashes white. Switching is in shell/theme_switch.ts.

import { applyTheme, keptChoice } from "./shell/theme_choice";

applyTheme(keptChoice());
