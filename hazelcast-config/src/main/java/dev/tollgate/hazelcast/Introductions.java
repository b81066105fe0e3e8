package dev.tollgate.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the members say of themselves when a node comes in. */
final class Introductions {
    private static final Logger LOG = System.getLogger(Introductions.class.getName());
    private static final long SECONDS = 10;

    private Introductions() {}

    /**
     * Refuses a cluster of which a member lacks what limits need.
     *
     * @param size how many members there normally are
     */
    static void check(HazelcastInstance instance, int size) {
        IExecutorService executor = instance.getExecutorService(Introduction.EXECUTOR);
        Map<Member, Future<long[]>> answers = executor.submitToAllMembers(new Introduction());
        answers.forEach((member, answer) -> check(member, said(member, answer), size));
    }

    static void check(Member member, Introduction.Said said, int size) {
        if (said.release() < HazelcastRelease.OLDEST) {
            throw new IllegalStateException("cluster: " + at(member) + " has a Hazelcast older than 5.7.0");
        }
        int majority = SharedMaps.majority(size);
        if (said.majority() != majority) {
            throw new IllegalStateException("cluster: " + at(member) + " has "
                    + (said.majority() == 0 ? "no split-brain protection" : "a split-brain protection of other size")
                    + " called '" + SharedMaps.MAJORITY + "'. Limits of " + size
                    + " members need this in its configuration: "
                    + "split-brain-protection: { " + SharedMaps.MAJORITY + ": { enabled: true, minimum-cluster-size: "
                    + majority + ", protect-on: READ_WRITE } }");
        }
    }

    private static Introduction.Said said(Member member, Future<long[]> answer) {
        try {
            return Introduction.Said.of(answer.get(SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "cluster: " + at(member)
                            + " cannot run what limits need. Put tollgate-cluster-<version>.jar of this "
                            + "version, and the gateway's JAR that it belongs to, on that member's class path and start it again",
                    e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("cluster: " + at(member) + " does not answer", e);
        }
    }

    private static String at(Member member) {
        return "the member at " + member.getAddress();
    }

    /** A clock that goes like that of the oldest member besides this one. */
    static ClusterClock timeOf(HazelcastInstance instance) {
        Optional<Member> oldest = instance.getCluster().getMembers().stream()
                .filter(member -> !member.localMember())
                .findFirst();
        boolean isClient = instance.getLocalEndpoint() instanceof com.hazelcast.client.Client;
        if (oldest.isEmpty()) {
            return ClusterClock.of(instance);
        }
        try {
            Future<long[]> answer =
                    instance.getExecutorService(Introduction.EXECUTOR).submitToMember(new Introduction(), oldest.get());
            long nanos = said(oldest.get(), answer).clock();
            return isClient ? new ClusterClock(nanos) : ClusterClock.set(instance, nanos);
        } catch (IllegalStateException e) {
            if (isClient) {
                throw e;
            }
            LOG.log(Level.WARNING, "the time of the cluster is taken from Hazelcast's clock: {0}", e.getMessage());
            return ClusterClock.of(instance);
        }
    }
}
