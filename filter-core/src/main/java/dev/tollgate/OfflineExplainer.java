package dev.tollgate;

import dev.tollgate.access.Authenticator;
import dev.tollgate.access.Caller;
import dev.tollgate.access.KeyAuthenticator;
import dev.tollgate.account.Accounting;
import dev.tollgate.choose.TargetChooser;
import dev.tollgate.config.Settings;
import dev.tollgate.dialect.Dialects;
import dev.tollgate.explain.Question;
import dev.tollgate.forward.Rehearsals;
import dev.tollgate.forward.Translator;
import dev.tollgate.guard.Guards;
import dev.tollgate.health.Health;
import dev.tollgate.limit.LimitEvents;
import dev.tollgate.limit.RuleLimits;
import dev.tollgate.limit.UnseenSlots;
import dev.tollgate.limit.UnseenStore;
import dev.tollgate.pin.LocalPins;
import dev.tollgate.price.ListPrices;
import dev.tollgate.price.PriceTable;
import dev.tollgate.receive.Receiver;
import dev.tollgate.route.ModelRouter;
import dev.tollgate.route.RelayRoutes;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says what would become of a call by a configuration alone: without a gateway, its cluster, its ledger and the network. What is
 * left of limits, and how targets stand, only gateways that run know.
 */
public final class OfflineExplainer {
    private static final String NOWHERE = "127.0.0.1";

    private final InstantSource clock = InstantSource.system();
    private final ListPrices prices = ListPrices.shipped();
    private final Explainer explainer;
    private final Setup setup;

    public OfflineExplainer(Settings settings) {
        Dialects dialects = new Dialects(clock);
        this.setup = new Setup(
                settings,
                new KeyAuthenticator(settings, clock),
                Guards.none(),
                new ModelRouter(settings, prices.models()),
                new RelayRoutes(settings),
                new RuleLimits(
                        settings,
                        new UnseenStore(),
                        new UnseenSlots(),
                        settings.cluster().size(),
                        clock,
                        LimitEvents.NONE),
                new PriceTable(settings, prices, clock),
                Accounting.unwritten(clock));
        this.explainer = new Explainer(
                new Endpoints(dialects),
                new Calls(clock, System::nanoTime, OfflineExplainer::randomBits),
                new Receiver(),
                new Pinning(new LocalPins(System::nanoTime)),
                new Rehearsals(
                        Translator.between(dialects::byId),
                        new TargetChooser(Health.blind(), OfflineExplainer::randomBits, System::nanoTime),
                        Health.blind(),
                        Version.TEXT));
    }

    private static long randomBits() {
        return ThreadLocalRandom.current().nextLong();
    }

    /**
     * Explains a call. Where the question does not say whose it is, it is the only key's.
     *
     * @param question as the gateway's page takes it
     * @throws Refusal when the question cannot be answered
     */
    public ObjectNode explain(byte[] question) {
        return explainer
                .explain(Question.parse(question, NOWHERE), setup, onlyKey())
                .toCompletableFuture()
                .join()
                .put("offline", true);
    }

    private Optional<Caller> onlyKey() {
        Authenticator authenticator = setup.authenticator();
        return setup.settings().keys().size() == 1
                ? Optional.of(authenticator.named(setup.settings().keys().get(0).name()))
                : Optional.empty();
    }
}
