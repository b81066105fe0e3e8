package dev.tollgate.forward;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Addresses of the public Internet. Whatever the registries of special-purpose addresses name is none, and so is an IPv6
 * address that leads to such an IPv4 address.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA IPv4 special-purpose addresses</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IANA IPv6 special-purpose addresses</a>
 */
final class PublicAddress {
    private static final List<Range> SPECIAL_IPV4 = List.of(
            Range.of(8, 0),
            Range.of(8, 10),
            Range.of(10, 100, 64),
            Range.of(8, 127),
            Range.of(16, 169, 254),
            Range.of(12, 172, 16),
            Range.of(24, 192, 0, 0),
            Range.of(24, 192, 0, 2),
            Range.of(24, 192, 88, 99),
            Range.of(16, 192, 168),
            Range.of(15, 198, 18),
            Range.of(24, 198, 51, 100),
            Range.of(24, 203, 0, 113),
            Range.of(4, 224),
            Range.of(4, 240));

    /** Besides what is outside 2000::/3. */
    private static final List<Range> SPECIAL_IPV6 =
            List.of(Range.of(23, 0x20, 0x01), Range.of(32, 0x20, 0x01, 0x0d, 0xb8), Range.of(20, 0x3f, 0xff));

    private static final Range GLOBAL_IPV6 = Range.of(3, 0x20);
    private static final Range SIX_TO_FOUR = Range.of(16, 0x20, 0x02);
    private static final Range TRANSLATED = Range.of(96, 0, 0x64, 0xff, 0x9b);

    private PublicAddress() {}

    static boolean is(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return SPECIAL_IPV4.stream().noneMatch(range -> range.holds(bytes));
        }
        if (SIX_TO_FOUR.holds(bytes)) {
            return isIpv4(bytes, 2);
        }
        if (TRANSLATED.holds(bytes)) {
            return isIpv4(bytes, 12);
        }
        return GLOBAL_IPV6.holds(bytes) && SPECIAL_IPV6.stream().noneMatch(range -> range.holds(bytes));
    }

    private static boolean isIpv4(byte[] bytes, int from) {
        try {
            return is(InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4)));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** The addresses that begin with the same bits. */
    private record Range(int bits, int[] first) {
        static Range of(int bits, int... first) {
            return new Range(bits, first);
        }

        boolean holds(byte[] address) {
            for (int bit = 0; bit < bits; bit++) {
                int octet = bit / 8 < first.length ? first[bit / 8] : 0;
                int mask = 0x80 >> bit % 8;
                if ((octet & mask) != (address[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
