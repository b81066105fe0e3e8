package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.Header;
import dev.tollgate.RelayPath;
import dev.tollgate.credential.Authorizer;
import dev.tollgate.health.Health;
import dev.tollgate.load.Load;
import dev.tollgate.retry.Retries;
import dev.tollgate.retry.RetryEvents;
import dev.tollgate.route.Chooser;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends calls to the targets planned for them, one after another, until one answers well. Nothing reaches the caller before
 * that, and nothing is tried again afterwards.
 */
public final class Forwarder {
    final Upstreams upstreams;
    final Chooser chooser;
    final Translator translator;
    final MediaFetcher media;
    final ProviderRequests requests;
    final Authorization authorization;
    final AnswerHeaders answerHeaders;
    final ScheduledExecutorService timers;
    final InstantSource clock;
    final Drains drains = new Drains();
    final Health health;
    final Load load;
    final Retries retries;

    /**
     * What a forwarder is made of.
     *
     * @param media fetches what targets cannot fetch themselves
     * @param authorizer says who calls providers; not closed by the forwarder
     * @param timers runs deadlines; shared by all calls
     * @param clock wall time, for waits that providers give as dates
     * @param version the gateway's version, for the user agent
     * @param chooser puts targets in order
     * @param health knows how targets are doing
     * @param load knows how much targets have to do
     */
    public record Parts(
            Upstreams upstreams,
            Translator translator,
            MediaFetcher media,
            AnswerHeaders answerHeaders,
            Authorizer authorizer,
            ScheduledExecutorService timers,
            InstantSource clock,
            String version,
            Chooser chooser,
            Health health,
            Load load,
            Retries retries) {

        /** A forwarder that takes targets as they come, takes all to be well, and fetches nothing. */
        public Parts(
                Upstreams upstreams,
                Translator translator,
                AnswerHeaders answerHeaders,
                Authorizer authorizer,
                ScheduledExecutorService timers,
                InstantSource clock,
                String version) {
            this(
                    upstreams,
                    translator,
                    MediaFetcher.NOTHING,
                    answerHeaders,
                    authorizer,
                    timers,
                    clock,
                    version,
                    Chooser.asTheyCome(),
                    Health.blind(),
                    Load.unlimited(),
                    Retries.fresh(
                            System::nanoTime, () -> ThreadLocalRandom.current().nextLong(), RetryEvents.none()));
        }

        /** The same with something else that fetches. */
        public Parts with(MediaFetcher other) {
            return new Parts(
                    upstreams,
                    translator,
                    other,
                    answerHeaders,
                    authorizer,
                    timers,
                    clock,
                    version,
                    chooser,
                    health,
                    load,
                    retries);
        }

        /** The same with other choices. */
        public Parts with(Chooser otherChooser, Health otherHealth, Load otherLoad, Retries otherRetries) {
            return new Parts(
                    upstreams,
                    translator,
                    media,
                    answerHeaders,
                    authorizer,
                    timers,
                    clock,
                    version,
                    otherChooser,
                    otherHealth,
                    otherLoad,
                    otherRetries);
        }
    }

    public Forwarder(Parts parts) {
        this.upstreams = parts.upstreams();
        this.translator = parts.translator();
        this.media = parts.media();
        this.requests = new ProviderRequests(parts.version());
        this.authorization = new Authorization(parts.authorizer());
        this.answerHeaders = parts.answerHeaders();
        this.timers = parts.timers();
        this.clock = parts.clock();
        this.chooser = parts.chooser();
        this.health = parts.health();
        this.load = parts.load();
        this.retries = parts.retries();
    }

    /**
     * Sends a call.
     *
     * @return the answer, good so far and ready to be sent back; or fails with a {@link dev.tollgate.Refusal}
     */
    public CompletionStage<Reply> send(Call call) {
        return new Forwarding(this, call).begin();
    }

    /**
     * Sends a call that is not translated.
     *
     * @return the answer, good so far and ready to be sent back; or fails with a {@link dev.tollgate.Refusal}
     */
    public CompletionStage<Reply> relay(Call call, RelayPath path) {
        return new Relaying(this, call, path).begin();
    }

    /** Reads no answer on whose caller has left; to be called first when the gateway closes. */
    public void stopDraining() {
        drains.close();
    }

    /** What a refused caller is told besides the refusal: what is left of its limits, and who was asked. */
    public List<Header> headersOfRefusal(Call call) {
        return answerHeaders.ofRefusal(call);
    }
}
