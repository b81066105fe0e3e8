package dev.tollgate.hazelcast;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.properties.PropertyDefinition;
import com.hazelcast.logging.ILogger;
import com.hazelcast.spi.discovery.AbstractDiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.discovery.DiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryStrategyFactory;
import com.hazelcast.spi.discovery.SimpleDiscoveryNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds members at all addresses of a name. Members look for each other while they join and for as long as they are apart,
 * and the name is looked up anew each time.
 */
record DnsDiscovery(String name, int port) implements DiscoveryStrategyFactory {

    @Override
    public Class<? extends DiscoveryStrategy> getDiscoveryStrategyType() {
        return Strategy.class;
    }

    @Override
    @SuppressWarnings("rawtypes") // as it is declared
    public DiscoveryStrategy newDiscoveryStrategy(
            @Nullable DiscoveryNode here, ILogger logger, Map<String, Comparable> properties) {
        return new Strategy(this, logger, properties);
    }

    @Override
    public Collection<PropertyDefinition> getConfigurationProperties() {
        return List.of();
    }

    /** The members there are at this moment. */
    List<DiscoveryNode> find() throws UnknownHostException {
        return Arrays.stream(InetAddress.getAllByName(name)).map(this::node).toList();
    }

    private DiscoveryNode node(InetAddress address) {
        return new SimpleDiscoveryNode(new Address(address, port));
    }

    private static final class Strategy extends AbstractDiscoveryStrategy {
        private final DnsDiscovery discovery;

        @SuppressWarnings("rawtypes") // as it is declared
        Strategy(DnsDiscovery discovery, ILogger logger, Map<String, Comparable> properties) {
            super(logger, properties);
            this.discovery = discovery;
        }

        @Override
        public Iterable<DiscoveryNode> discoverNodes() {
            try {
                return discovery.find();
            } catch (UnknownHostException e) {
                getLogger().warning("no address is known for " + discovery.name());
                return List.of();
            }
        }
    }
}
