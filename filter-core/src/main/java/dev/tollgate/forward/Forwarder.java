package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.Header;
import dev.tollgate.RelayPath;
import dev.tollgate.choose.TargetChooser;
import dev.tollgate.credential.Authorizer;
import dev.tollgate.health.Health;
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

    /**
     * @param authorizer says who calls providers; not closed by this
     * @param timers runs deadlines; shared by all calls
     * @param clock wall time, for waits that providers give as dates
     * @param version the gateway's version, for the user agent
     */
    public Forwarder(
            Upstreams upstreams,
            Translator translator,
            AnswerHeaders answerHeaders,
            Authorizer authorizer,
            ScheduledExecutorService timers,
            InstantSource clock,
            String version) {
        this(upstreams, translator, MediaFetcher.NOTHING, answerHeaders, authorizer, timers, clock, version);
    }

    /** @param media fetches what targets cannot fetch themselves */
    public Forwarder(
            Upstreams upstreams,
            Translator translator,
            MediaFetcher media,
            AnswerHeaders answerHeaders,
            Authorizer authorizer,
            ScheduledExecutorService timers,
            InstantSource clock,
            String version) {
        this(
                upstreams,
                new TargetChooser(Health.blind(), () -> ThreadLocalRandom.current().nextLong(), System::nanoTime),
                translator,
                media,
                answerHeaders,
                authorizer,
                timers,
                clock,
                version);
    }

    /** @param chooser chooses among the targets of a call */
    public Forwarder(
            Upstreams upstreams,
            Chooser chooser,
            Translator translator,
            MediaFetcher media,
            AnswerHeaders answerHeaders,
            Authorizer authorizer,
            ScheduledExecutorService timers,
            InstantSource clock,
            String version) {
        this.upstreams = upstreams;
        this.chooser = chooser;
        this.translator = translator;
        this.media = media;
        this.requests = new ProviderRequests(version);
        this.authorization = new Authorization(authorizer);
        this.answerHeaders = answerHeaders;
        this.timers = timers;
        this.clock = clock;
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
