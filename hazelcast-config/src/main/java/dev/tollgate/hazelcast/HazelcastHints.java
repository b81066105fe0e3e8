package dev.tollgate.hazelcast;

import com.hazelcast.topic.ITopic;
import com.hazelcast.topic.Message;
import dev.tollgate.health.Hints;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hints that nodes call out to each other. Nothing of them is kept: who joins later, or misses one, learns by its own calls. A
 * hint is one text: the version, who tells it, of whom, and what, so that members of different versions of the gateway
 * understand each other or keep silent.
 */
final class HazelcastHints implements Hints {
    private static final Logger LOG = System.getLogger(HazelcastHints.class.getName());

    /** The name of the topic. */
    static final String TOPIC = "tollgate-hints";

    /** The most characters of a hint. */
    static final int LONGEST = 2_048;

    private static final String VERSION = "1";
    /** The unit separator, which stands in no name. */
    private static final String BETWEEN = "\u001f";

    private static final int PARTS = 4;

    private final ITopic<String> topic;
    private final String node;
    private @Nullable UUID listening;

    /** @param node this node's id, which no other has */
    HazelcastHints(ITopic<String> topic, String node) {
        this.topic = topic;
        this.node = node;
    }

    @Override
    public void tell(String subject, String text, Duration life) {
        String hint = String.join(BETWEEN, VERSION, node, subject, text);
        if (hint.length() > LONGEST || parts(hint).length != PARTS) {
            return;
        }
        try {
            topic.publishAsync(hint).exceptionally(HazelcastHints::lost);
        } catch (RuntimeException away) {
            Void unused = lost(away);
        }
    }

    private static @Nullable Void lost(Throwable cause) {
        LOG.log(Level.DEBUG, "a hint was lost", cause);
        return null;
    }

    @Override
    public synchronized void hear(BiConsumer<String, String> listener) {
        try {
            listening = topic.addMessageListener(message -> heard(message, listener));
        } catch (RuntimeException away) {
            LOG.log(Level.WARNING, "this node does not hear what others tell about targets", away);
        }
    }

    private void heard(Message<String> message, BiConsumer<String, String> listener) {
        // Whatever runs in the cluster can send anything, of any type.
        if (!((Object) message.getMessageObject() instanceof String hint) || hint.length() > LONGEST) {
            return;
        }
        String[] parts = parts(hint);
        if (parts.length == PARTS && parts[0].equals(VERSION) && !parts[1].equals(node)) {
            listener.accept(parts[2], parts[3]);
        }
    }

    private static String[] parts(String hint) {
        return hint.split(BETWEEN, PARTS + 1);
    }

    @Override
    public synchronized void close() {
        UUID mine = listening;
        listening = null;
        if (mine != null) {
            try {
                boolean ignored = topic.removeMessageListener(mine);
            } catch (RuntimeException ended) {
                LOG.log(Level.DEBUG, "the cluster has gone before", ended);
            }
        }
    }
}
