package dev.tollgate.limit;

import dev.tollgate.config.Settings.OnLoss;
import java.time.Duration;
import java.time.Instant;

/**
 * Something that calls use up: so many requests, tokens or nano-USD, of one subject, by one limit.
 *
 * @param name what it is counted under; equal names are one allowance on all nodes. A window's name holds the window's id
 * @param shape how much there is, and how it comes back
 * @param onLoss what is done when the cluster cannot answer
 */
public record Allowance(String name, Shape shape, OnLoss onLoss) {

    /** How much there is, and how it comes back. */
    public sealed interface Shape {

        /** How much there is at most, at least 1. */
        long capacity();

        /**
         * Holds {@code capacity} and refills it evenly over {@code period}. Used with another shape than before, it takes that
         * shape and stays as full as it was in proportion.
         *
         * @param lent how much of it nodes may hold outside. A new bucket holds all of its capacity, but refills only up to
         *     capacity - lent, so that no more than the capacity is ever there, in the bucket and outside
         */
        record Bucket(long capacity, Duration period, long lent) implements Shape {

            /** A bucket of which nothing is lent. */
            public Bucket(long capacity, Duration period) {
                this(capacity, period, 0);
            }
        }

        /**
         * A count of what has been used in a window of the calendar, up to {@code capacity}. The count stays when the capacity
         * changes.
         *
         * @param ends when the window is over and the count may be forgotten
         */
        record Window(long capacity, Instant ends) implements Shape {}
    }
}
