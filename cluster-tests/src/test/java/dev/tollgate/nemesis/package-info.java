/**
 * Clusters of real gateways, each in a process of its own, that are killed, paused, stopped and cut apart under load, and a
 * provider that keeps its own books. {@link dev.tollgate.nemesis.Stage} is where it happens,
 * {@link dev.tollgate.nemesis.Scenario} lists what is done, and {@link dev.tollgate.nemesis.Audit} what must hold afterwards.
 */
package dev.tollgate.nemesis;
