package dev.tollgate.usage;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The totals of all nodes, in this JVM or shared by the nodes of a cluster. Names and totals are text, so that nodes of
 * different versions understand each other. A node publishes what its totals <em>are</em>, never what was added, so
 * publishing twice does no harm.
 */
public interface SharedUsage extends AutoCloseable {

    /**
     * Puts a node's totals in the place of those it published under the same names before.
     *
     * @param node the node's id; it has no {@code |}
     * @param totals totals by name, as {@code hour|2026-11-24T13|team|search}
     * @param keep how long from now they are to be found; what was published longer ago may be forgotten
     * @return completes when every node can find them; fails when that cannot be told within a deadline
     */
    CompletionStage<Void> publish(String node, Map<String, String> totals, Duration keep);

    /**
     * The totals of all nodes whose names begin with a text.
     *
     * @return totals by name and node, as {@code hour|2026-11-24T13|team|search|node}; fails when it cannot be told within a
     *     deadline
     */
    CompletionStage<Map<String, String>> find(String prefix);

    @Override
    void close();
}
