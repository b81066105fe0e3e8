package dev.tollgate.bench.limits;

import java.util.Arrays;
import java.util.List;

/** The second member of each cluster, in a process of its own. It ends with its standard input. */
public final class OtherMember {
    private OtherMember() {}

    /** @param arguments the ports of the members */
    public static void main(String[] arguments) throws Exception {
        List<Integer> ports = Arrays.stream(arguments).map(Integer::valueOf).toList();
        try (Members members = new Members(1, ports)) {
            members.awaitEachOther();
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // nothing is said; the end is what counts
            }
        }
    }
}
