package io.tcpcopy.intercept.routing;

/** That responses of a target to a client go to an owner. */
final class Route extends FlowEntry<Route> {
    /** Where the responses go. */
    RouteOwner owner;
    /** The list by age that the route is in, which tells how long it lives. */
    AgeList<Route> ageList;
    /** The neighbours among the routes of the owner. */
    Route previousOfOwner;

    Route nextOfOwner;
}
