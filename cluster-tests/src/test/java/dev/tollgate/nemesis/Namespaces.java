package dev.tollgate.nemesis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A network namespace for each node, with two cables: one to a switch for the members, one to a switch for callers and the
 * provider. Whoever starts this process gives it namespaces of its own, so all of it ends with this process.
 */
final class Namespaces implements Network {
    private static final int FRONT_PORT = 8080;
    private static final String HUB = "10.77.2.254";

    Namespaces(int nodes) {
        ip("link set lo up");
        ip("link add name inner type bridge");
        ip("link set inner up");
        ip("link add name outer type bridge");
        ip("addr add " + HUB + "/24 dev outer");
        ip("link set outer up");
        IntStream.rangeClosed(1, nodes).forEach(this::addNode);
    }

    private void addNode(int node) {
        ip("netns add n" + node);
        cable(node, "inner", "i" + node, host(1, node));
        cable(node, "outer", "o" + node, host(2, node));
        ip("-n n" + node + " link set lo up");
    }

    private static void cable(int node, String bridge, String end, String address) {
        ip("link add name " + end + " type veth peer name e" + end + " netns n" + node);
        ip("link set " + end + " master " + bridge);
        ip("link set " + end + " up");
        ip("-n n" + node + " addr add " + address + "/24 dev e" + end);
        ip("-n n" + node + " link set e" + end + " up");
    }

    private static String host(int net, int node) {
        return "10.77." + net + "." + node;
    }

    @Override
    public String front(int node) {
        return host(2, node);
    }

    @Override
    public int frontPort(int node) {
        return FRONT_PORT;
    }

    @Override
    public String member(int node) {
        return host(1, node);
    }

    @Override
    public String hub() {
        return HUB;
    }

    @Override
    public List<String> as(int node, List<String> command) {
        List<String> whole = new ArrayList<>(List.of("nsenter", "--net=/run/netns/n" + node));
        whole.addAll(command);
        return whole;
    }

    @Override
    public String whyItHolds() {
        return "";
    }

    @Override
    public void cut(int node) {
        ip("link set i" + node + " nomaster");
    }

    @Override
    public void heal(int node) {
        ip("link set i" + node + " master inner");
    }

    private static void ip(String arguments) {
        Shell.run(("ip " + arguments).split(" "));
    }
}
