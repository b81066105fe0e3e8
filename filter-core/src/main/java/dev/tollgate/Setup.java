package dev.tollgate;

import dev.tollgate.access.Authenticator;
import dev.tollgate.account.Accounting;
import dev.tollgate.config.Settings;
import dev.tollgate.guard.Guards;
import dev.tollgate.limit.Limits;
import dev.tollgate.price.Prices;
import dev.tollgate.route.RelayRoutes;
import dev.tollgate.route.Router;

/** Everything made from one configuration. Calls finish on the set-up they started with. */
public record Setup(
        Settings settings,
        Authenticator authenticator,
        Guards guards,
        Router router,
        RelayRoutes relays,
        Limits limits,
        Prices prices,
        Accounting accounting) {}
