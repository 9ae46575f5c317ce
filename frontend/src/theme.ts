// Runs before anything is drawn, so that a dark page never flashes white. Switching is in theme_switch.ts.

import { applyTheme, keptChoice } from "./theme_choice";

applyTheme(keptChoice());
