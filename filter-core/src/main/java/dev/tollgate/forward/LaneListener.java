package dev.tollgate.forward;

import dev.tollgate.Header;
import dev.tollgate.stream.Lane;
import java.nio.ByteBuffer;
import java.util.List;

/** Puts what a provider sends into the lane of its call, data as copies that may be kept. */
final class LaneListener implements UpstreamListener {
    private final Lane lane;
    private final Taker taker;

    /** What hears of an answer in the lane. */
    interface Taker {
        void takeHead(int status, List<Header> headers);

        void take(byte[] bytes);

        void takeEnd();

        void takeFailure(UpstreamFailure failure);
    }

    LaneListener(Lane lane, Taker taker) {
        this.lane = lane;
        this.taker = taker;
    }

    @Override
    public void head(int status, List<Header> headers) {
        lane.run(() -> taker.takeHead(status, headers));
    }

    @Override
    public void data(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        lane.run(() -> taker.take(copy));
    }

    @Override
    public void end() {
        lane.run(taker::takeEnd);
    }

    @Override
    public void failed(UpstreamFailure failure) {
        lane.run(() -> taker.takeFailure(failure));
    }
}
