"""Clauses that greet, thank, wish well and part: patterns of `anchor.frames`, by what they do."""

from __future__ import annotations

COURTESIES = {
    "greeting": """
        dear
        @ (@)? (@)?
        dear (<kindly>)? (@|all|<you>|team|sir|madam|sir or madam|madam or sir|sirs|colleague
            |colleagues|partner|partners|friend|friends|mr @|mrs @|ms @|@ team|@ @|neighbour
            |neighbor|everyone|purchasing team|sales team|hiring team)
        (hi|hello|hey|greetings|oh) (to you)? (there|all|again|everyone|everybody|@|@ team
            |team|and thanks|and thank you)?
        good (morning|afternoon|evening|day) (to you|all|everyone|@|again|team)?
        to whom it may concern
        ladies and gentlemen
        subject
        how are (you|things) (doing|today|doing today|going)?
    """,
    "courtesy": """
        (with|and)? (our|the)? (<kindly>|kindest|best|warmest|many|cordial)? (regards|wishes
            |greetings) (to <you>|from (@|all of us|the team))?
        yours (sincerely|faithfully|truly|respectfully|cordially|always)?
        (sincerely|faithfully|respectfully|cordially|warmly|best|cheers|regards|truly) (yours)?
        (with|in)? (our|best|many|warm)? (thanks|appreciation|gratitude|anticipation)
        (we)? (wish|wishing) <you> (all the best|well|every success|success|the best|good luck|all
            the luck|luck|a <good> (day|week|evening|weekend|start)) <onward>?
        all the best (to <you>)? <onward>?
        good luck (to <you>)? <onward>?
        take care
        (please|do)? (have|enjoy) (a|the rest of your|your) (<good>)? (rest of the)? (day|evening
            |week|weekend|morning|afternoon)
        (the|your)? (@|purchasing|procurement|sales|hiring|leasing|buying|recruiting|management) (@
            |team|department|office)?
        (many|warm|<good>)? thanks (to <you>)? (again|in advance|as always|a lot)?
        thank you (so)? (to <you>)? (again|all|both|in advance|as always|too|kindly|once again|once
            more)?
        (please accept)? (our|many|warm|heartfelt)? (thanks|thank you|thank you so|thank you all
            |thanks a lot|thanks so|thank you and your <side>|thanks to <you>) (again|once again
            |once more|kindly)? for <thanked>
        (we|all of us|<ours_side>) (would like to|wish to|want to)? (thank <you>|are (so)?
            <grateful> (to <you>)?) (again|once again|once more|all)? for <thanked>
        we (would like to)? (appreciate|acknowledge|are appreciative of|do appreciate) <thanked>
        we (<enjoyed>) (<graced>|talking|meeting you|talking to you|talking with you|speaking with
            you|hearing from you|working with you|the chance to talk|getting to know you)
        (we)? (<are>)? (impressed|moved|touched) by <graced>
        (your|the|this) (<kind>)? (<message>|<grace>|<answer>) <are> (greatly|highly|deeply|most)?
            appreciated
        we appreciate (you|your|hearing|the (chance|opportunity) to) (<done>|<talk>|from you)
            <swiftly>?
        (that|this|it) <are> (<kind>) of you
        (it|this) <are> (a|an)? (real|great|true|genuine|absolute)? (<good>|pleasure|joy|delight
            |privilege) (to (hear|read|receive|talk|speak|deal|meet|negotiate|do business|get
            |discuss this)|hearing|reading|talking|speaking|dealing|meeting|negotiating|discussing
            |doing business) (from|with|to)? (this|your (<kind>)? <message>|<you>)? (back)? (from
            you|with you)? (again|today|so far|earlier)?
        (a)? (<good>|pleasure) (talking|speaking|meeting|chatting|hearing|dealing) (to|with|from)?
            (you|<you>)? (today|again|earlier|yesterday)?
        (we)? (hope|trust) (that)? <you> (are|have been|had) (doing|keeping|all)? (well|good|fine|a
            <good> (day|week|weekend|start to the week))
        (we)? (hope|trust) (that)? (this|our) (message|note|email|e-mail|letter)? finds <you>
            (all)? (well|in good health|in good spirits)
        (we)? (hope|trust) (that)? (all|everything|things) (is|are) (well|going well|good|fine)
            (with <you>|on your (side|end)|at your end)?
        (we)? (understand|see|hear|get|can see|can understand) (fully|well)? <told> (well|fully)?
        we (respect|can appreciate) your (<kind>)? (position|point of view|perspective|concerns)
        (we are)? (sorry|apologies|our apologies|please excuse us|please excuse|we apologise|we
            apologize|excuse) (for)? (the|our|any)? (long|late|short|slight|slow)? (delay|wait
            |reply|silence|confusion)
        we (<are> <glad>) (that)? you (like|liked|enjoyed|love|are interested in) (it|the <thing>
            |our <thing>|this <thing>|it here|your visit)
        (<glad>) (that)? you (like|liked|enjoyed|love|are interested in) (it|the <thing>|it here)
        (the|your|this) <thing> (is|looks|seems) <good>
        (it|this|that) (is|was|looks like|seems) a <good> <thing>
        we enjoyed seeing (the|your|this) <thing>
        we value <graced> (highly)?
    """,
    "invitation": """
        (see|talk|speak) (you|to you|with you)? soon
        until (then|soon)
        (please)? (feel|do feel) free to <ask> (us)? <asked>?
        (please)? (do)? (not|never) hesitate to <ask> (us)? <asked>?
        (please)? (do)? <ask> (us)? <asked>
        (should you|if you|in case you|should there be|if there are) (should|happen to)? (have)?
            <asked>
        <unclear>
        (we)? (<are> (<glad>)?|stand ready|remain|are available|are here|are on hand|are at your
            disposal|would be available) (at your disposal|available|ready)? (to|for) (answer
            |discuss|talk|explain|clarify|go through|hear|take)? (it|them|this|these|everything
            |through)? (through|over)? (any|all|your|further|and)? (questions|comments|details
            |concerns|queries|points|a call|a chat|a talk)? ((that)? you (may|might)? have)?
            (<how>)? (<convenient>)?
    """,
    "opening": """
        as (we)? (discussed|mentioned) (earlier|before|today)?
        (in|as)? (a|in)? (response|reply|answer) to <theirs>
        (with|in) (reference|regard|respect) to <theirs>
        (we)? (refer|referring|turning|coming|going|further) (back)? to <theirs>
        following (up on)? (<theirs>|our (<kind>)? <message>)
        (we|<ours_side>|having|after|after having|now that we)? (have|has|had)? (now|carefully
            |all)? <looked> <theirs> (now)? <manner>? <manner>?
        after <looking> <theirs> <manner>? <manner>?
        (we|<ours_side>|having|after having|now that we)? (have|has)? (carefully)? (discussed
            |reviewed|considered|talked|thought|reflected|conferred) <manner>
        after (some|careful|further|due|much|thorough|a little|long|more)? (careful)? (thought
            |reflection|consideration|discussion|discussions|review|deliberation) (of <theirs>|on
            (it|this)|on our side|with (our <side>|the team)|internally)?
        (we|having|after having|<ours_side>)? (have|has)? (spoken|talked|met|consulted|checked
            |conferred|sat down|sat together) (with|to)? (our <side>|the team|about <theirs>
            |today)? <manner>?
    """,
    "prospect": """
        (we)? (would be <glad>|would love|hope|would like) (to|about)? (the chance to|the prospect
            of|the opportunity to)? (work|working|cooperate|cooperating|do business|doing business
            |collaborate|collaborating|team up) (with <you>|together)? (with <you>|together)? (on
            this|again)?
        (we)? (look forward|are looking forward|looking forward) to (a|our|many)? <bond> (with
            <you>|together|ahead)?
        (we)? (look forward|are looking forward|looking forward) to (working|cooperating
            |collaborating|doing business|meeting) (together|with <you>|<you>|you in person) (soon
            |on this)?
        (we)? (would be <glad>|would love|hope) to (have|welcome|meet|get to know) <you> (on board
            |aboard|in our team|in person|with us|on our team|here)?
        (we)? (hope|think|trust) (that)? you (will|would) (like|love|enjoy|be happy with|feel at
            home in|feel at home) (it|the <thing>|working with us)? (here|there)?
    """,
    "parting": """
        <sorry>
        (<sorry>)? (it (seems|appears)|we (feel|think|find|see))? (that)? (our (positions|views
            |ideas|expectations)|we|the # sides|the two sides|our two sides|both sides) (are|remain
            |stand) (simply|still)? too far apart
        (there are)? no hard feelings
        (we)? (hope|would be <glad>|would love) (to|that we can|we can|that we may) (work|talk|meet
            |speak|do business|cooperate) (with <you>|together)? (again)? (with <you>|together)? (in
            (the|a) future|another time|some day|one day|on another occasion|down the road)
        thank you (all)? for (everything|your understanding|all your <grace>)
        (thanks|thank you) for (all)? (the|your) <grace> (all|all the same|nonetheless)?
        (all the same|nonetheless|even so|still)
        (we)? (hope|trust) (that)? (you (find|will find)|you understand) (what you are looking for
            |a good (@|solution|home|match|partner)|our (decision|position|reasons))?
    """,
}
"""One a line; a line that is indented further goes on."""
