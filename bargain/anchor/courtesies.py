"""Whole clauses that a message may be made of, and what each of them does.

A word is harmless or not only in its clause: "from" bounds a number in "from 90 EUR" and none in
"we look forward to hearing from you". So the words that are not harmless by themselves (see
`anchor.wording`) may stand in the clauses below, in their order, and nowhere else.

The clauses are written as they are read, after `anchor.spoken_clauses`: in lower case, contractions
taken apart, "I" and "my" as "we" and "our", without words that only strengthen. They are patterns
of `anchor.frames`; @ is the name of a party or a word that the caller allowed, # the number of
packages. There is no place in them where any word could stand. What commits to anything, counts,
compares, sets a time, praises what the other side offered, or says what one wants most or could do
without, has no place here.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from bargain.anchor.courtesy_kinds import KINDS
from bargain.anchor.frames import Grammar, pattern

Act = Literal[
    "courtesy",
    "opening",
    "lead_in",
    "about",
    "menu",
    "menu_about",
    "prospect",
    "await",
    "hold",
    "accept",
    "joy",
    "walk",
    "parting",
]
"""What a clause does: nothing; open a clause that follows, with or without a sign; bring on terms;
speak of the terms right before it; of several packages; of those when all are stated; look forward
to what an agreement would bring; ask for an answer; say that one's own is to come; accept; be glad
of it; end the talks; part well."""

CLAUSES: dict[Act, str] = {
    "courtesy": """
        dear
        @ (@)? (@)?
        dear (<kindly>)? (@|all|<you>|team|sir|madam|sir or madam|madam or sir|sirs|colleague
            |colleagues|partner|partners|friend|friends|mr @|mrs @|ms @|@ team|@ @|neighbour
            |neighbor|everyone|purchasing team|sales team|hiring team)
        (hi|hello|hey|greetings|welcome|oh) (to you)? (there|all|again|everyone|everybody|@|@ team
            |team|and thanks|and thank you)?
        good (morning|afternoon|evening|day) (to you|all|everyone|@|again|team)?
        to whom it may concern
        ladies and gentlemen
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
        (see|talk|speak) (you|to you|with you)? soon
        until (then|soon)
        (the|your)? (@|purchasing|procurement|sales|hiring|leasing|buying|recruiting|management) (@
            |team|department|office)?
        (subject|re)? our (<new>)? <offer> (for|on|regarding|about) (the|your|our)? <subject>
        subject
        (many|warm|<good>)? thanks (to <you>)? (again|in advance|as always|a lot)?
        thank you (so)? (to <you>)? (again|all|both|in advance|as always|too|kindly|once again|once
            more)?
        (please accept)? (our|many|warm|heartfelt)? (thanks|thank you|thank you so|thank you all
            |thanks a lot|thanks so|thank you and your <side>|thanks to <you>) (again|once again
            |once more|kindly)? for <thanked>
        (we|all of us|<ours_side>) (would like to|wish to|want to)? (thank <you>|are (so)?
            <grateful> (to <you>)?) (again|once again|once more|all)? for <thanked>
        (first of all|first|to begin with|before anything else)
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
        how are (you|things) (doing|today|doing today|going)?
        (we)? (understand|see|hear|get|can see|can understand) (fully|well)? <told> (well|fully)?
        we (respect|can appreciate) your (<kind>)? (position|point of view|perspective|concerns)
        (we are)? (sorry|apologies|our apologies|please excuse us|please excuse|we apologise|we
            apologize|excuse) (for)? (the|our|any)? (long|late|short|slight|slow)? (delay|wait
            |reply|silence|confusion)
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
        we (<are> <glad>) (that)? you (like|liked|enjoyed|love|are interested in) (it|the <thing>
            |our <thing>|this <thing>|it here|your visit)
        (<glad>) (that)? you (like|liked|enjoyed|love|are interested in) (it|the <thing>|it here)
        (the|your|this) <thing> (is|looks|seems) <good>
        (it|this|that) (is|was|looks like|seems) a <good> <thing>
        we (like|love|enjoyed seeing|liked|loved) (the|your|this) <thing> (a lot|a great deal)?
        we value <graced> (highly)?
    """,
    "opening": """
        in the meantime
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
    "lead_in": """
        (in (that|this) spirit|with (that|this|all that) in mind|on (that|this) basis|on our (side
            |end)|for our part|from our (side|end)|accordingly|in (brief|short)|to be brief|let us
            be brief|our side|for that reason|in response|in reply|that said|so)
        to (move|bring|help|get|keep|take) (things|this|us|matters|it|<talks>|our <message>)?
            (forward|along|closer together|closer|together|moving|going|ahead)
        to (make|keep) (things|this|it|the choice) (easier|easy|simple|clear) (for (you|both of
            us))?
        (okay|ok|right|well|now)
        here (it is|it goes|goes|we go|you go|you are)
        (here|below|following|what follows) (is|are|follows|you will find|please find) (our|the|an
            |a|some)? (<new>|<kind>)? (<offer>|one idea|thoughts|approach|what we|the terms (that)?
            we|the package (that)? we|the offer (that)? we)? (have in mind|had in mind|can (do
            |offer)|<would> <bring>|<bring>|would like to see|are looking for|came up with|have
            come up with)? (with)? (for|to)? (you)? (for your consideration|in full|in brief|in
            short|in detail)?
        (please|you will)? (find|see) our (<new>|<kind>)? <offer> (below|here|as follows|in what
            follows|in the following)?
        (our|the) (<new>|<kind>)? <offer> (to|for)? (you|the <subject>|your <subject>)? (in brief
            |in short|in full|today|now)? (is|are|reads|would be|looks|stands|remains)? (as follows
            |the following|this|like this|below|simple)?
        (we|our team|our company|our side)? (now|hereby|therefore)? (<would>)? (<bring>) (to|for)?
            (you)? (to you|with you|for your consideration)? (our|a|an|the|that|these|this)? (<new>
            |<kind>|following)? (<offer>|following|this|solution|arrangement)? (with this|to you
            |for you|with you)? (as follows|for your consideration|below|on (these|the following)
            terms|for the <subject>|is as follows)?
        we <would> share our (<new>)? <offer> (with you)?
        (let|allow) us (to)? <bring> (you)? (our|a|an|the)? (<new>|following)? (<offer>|following
            |this)? (as follows|below)?
        we (can|could|would)? put (the following|this|our <offer>|a package|the following package)
            (on the table|to you|forward)
        we have (the following|this|a <offer>|an <offer>) (in mind|for you|to offer)? (for you)?
        we have (put together|worked out|drawn up|prepared|come up with|thought of|updated|revised
            |reworked|adjusted|set out|written down) (the following|a|an|our|this)? (<new>)?
            (<offer>|thoughts)? (for you|accordingly|below|as follows|for your consideration)?
        we (were|are|would be) (looking at|thinking of|picturing)
        (could|can|would) we (do|say|settle on|go with|work with|try|agree on) (the following)?
        (what|how) (about|would you say (to|about)|do you (think of|think about|say to|feel about)
            |would you (think of|feel about))
        how (does|do|would) (this|the following|these|that|it) (sound|look|suit you|strike you
            |work) (to|for)? (you)?
        (would|could|can) you (be <glad>|be comfortable|be interested|live|work|imagine|picture|see
            |go|be open)? (yourself)? (signing|going|in|to)? (with|for|to|in)? (the following
            |this)?
        we (could|can|would) let you have (it|the <thing>|our <thing>) (for|at)
        we (would|could|can|propose to|suggest to) (set|keep|put)
        (the)? (terms|details|points|key points|main points) (are|would be|in full|in brief|that we
            (<would>)? <bring>)? (are|would be)? (as follows|these|the following|below)?
        (on|under) (the following|these) terms
        (for us)? the following terms would be (acceptable|agreeable|fine) (to|for|with)? (us)?
        as follows
        the following
    """,
    "about": """
        (over to you|it is up to you|your turn)
        (this|that|these) (is|are|would be) (our|the)? (<new>|<kind>)? (<offer>|terms) (to you|for
            you)?
        (so)? (much for)? (that|this) is (what we (can|could|would) (do|offer|propose)|our side)
        (we)? (<believe>) (that)? <ours> (is|are|would be|will be|makes|make|forms|form|offers
            |provides|strikes) (a|an)? (fair|reasonable|balanced|sound|solid|good|workable|sensible
            |agreeable|constructive|fair and (reasonable|balanced)|of interest|interesting)? (basis
            |balance|proposal|offer|package|solution|footing|foundation|arrangement)? (for (our|a
            |the))? (<sides>|<bond>)?
        (we)? (hope|trust|believe|think|are confident) (that)? <ours> (works|work|suits|suit|meets
            |meet|fits|fit|finds|find|appeals|appeal|helps|will work|will suit|is|are|can work
            |could work|would work|is something|will be|will find|will meet) (agreeable|to your
            (liking|satisfaction)|of interest|you|something|well|fine)? (to|for|with)? (you|your
            (needs|expectations|approval|satisfaction|liking|interest|plans|requirements)|you can
            (agree to|work with|live with)|both of us|both sides|<you>|us both)?
        (does|do|would|could|will|might|is|are|can) <ours> (be|look|sound|seem|work|suit|appeal
            |help|meet|fit)? (something|agreeable|fine|okay|ok|all right|good|reasonable|fair
            |workable|right|like something|of interest)? (to|for|with)? (you|your (needs
            |expectations|plans|liking))? (can|could)? (work with|agree to|live with|picture
            |imagine|agree on)? (for you)?
        (that|this|it)? (sounds|seems|is|looks) (fair|reasonable|good) (to you)? (does it not|is it
            not|does not it|is not it|do you not think)?
        (what|how) (do|would|does) (you|<ours>) (think|say|feel|see it|find it|sound|look|strike
            you|seem|suit you|see this|like it|work for you) (of|about|to|for)? (<ours>|you)?
        (what|how) (is|are) your (<answer>|feelings) (on|about|to)? (<ours>)?
    """,
    "menu": """
        (here|below|following) (is|are|follows) (a choice of|our)? (#)? <offers> (to (choose|pick)
            (from|between)|for you|for your consideration|for you to (consider|choose from))?
        we (<would>)? (have|see|can see|can picture|can imagine|picture|imagine|are offering|offer
            |bring|can offer|have prepared|have put together|have worked out|would be open to|are
            open to|have drawn up|propose|suggest|put forward|present|<bring>|can think of) (you)?
            (#|several|some|these|the following|these #|the following #)? (new|different|possible
            |alternative)? (<offers>|choice) (for (you|your consideration))? (to (choose from
            |consider|pick from))? (in mind|for you to (choose from|consider)|between which you may
            choose)?
        to (give|offer|leave) you (some|a|more|a bit of|a little)? (choice|flexibility|room to
            choose)
        we (are offering|offer|are giving|give|leave) (you)? (a|the)? (choice|choice of #|choice
            between #)
        we (would|could) (go|be comfortable|be happy|work) with (either|each) (one)? of the
            following
        (so)? the choice is (entirely|all)? (yours|up to you)
        (we)? (will)? (leave|leaving) (it|the choice) (up)? to you (to (choose|decide|pick))?
        (please)? (choose|pick|take|select|go for|name|go with) (the one|one|whichever|whichever
            one|your favourite|your favorite|either one|the (option|package) (of <them>)?)? (of
            <them>)? (that)? (you|suits|fits|appeals|works)? (prefer|like|to you|for you|you)?
            (best|better|most|more)?
        (please)? (tell us|let us know|say) <which>
        <which>
        we (will)? (take|carry|go) (it|things|this) (on)? from there
        our (<kind>)? <offers> (so far|for you|in # variants|are|are as follows)? (in # variants)?
    """,
    "menu_about": """
        (we)? (would|could) (go|be comfortable|be happy|be fine|work|be glad) (with|to go with|to
            work with) (either|each|both|one) (one)? (of)? (the following|them|these|the #
            (below)?)?
        (both|each|all|either) (of)? (<them>|one)? (are|is|would be|works|work|would work) (fine
            |workable|possible|welcome|good|on offer|open|all right|agreeable|okay|ok) (with|for|to
            |on)? (us|our (end|side|part)|for us|you)?
        we would (be (comfortable|happy|fine|glad) with|welcome) (either|each|both) (one)? (of
            <them>)?
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
    "await": """
        (we)? (look forward|are looking forward|looking forward) to (your|a|an|the) (<kind>
            |positive)? <answer> (from you)? <convenient>?
        (we)? (look forward|are looking forward|looking forward) to (hearing|learning|receiving
            |reading) (back)? (from you|<ponder>|your <answer>) <convenient>?
        (please|do|just|kindly)? (let us know|tell us|share with us|write to us|write us|say to us)
            (<ponder>|either way) <convenient>? <convenient>?
        (please)? (let us|do let us|come and let us) (know|have your <answer>) <convenient>?
        (please)? (give|send|share with|let) us (have)? (your (<kind>)? <answer>) <convenient>?
        (please)? (consider|review|think about|look at|look over|go over|think over|take a look at
            |have a look at|reflect on|look into|read) (<ours>) (carefully|with your <side>)?
            <convenient>?
        (please)? (get|come|write) back (to us)? <convenient>?
        (please)? (reply|respond|answer|reply to us|respond to us|answer us|be in touch)
            <convenient>?
        (we)? (please|ask you to|kindly ask you to|would ask you to|would be <grateful> if you
            could) (review|consider|look at|go over|study|reply to|answer) (<ours>) (carefully)?
            <convenient>?
        we (<are>)? (<glad>|interested) (to (hear|know|learn|read|see|receive|have|get)|in|for
            |about|in hearing) (from you)? (<ponder>|from you|your (<kind>)? <answer>)?
            <convenient>?
        we (would|do)? (await|are awaiting|wait for|are waiting for|will await|will wait for|would
            appreciate|would welcome|would value|appreciate|ask for|hope for|are still waiting for)
            (your|an|a) (<kind>)? <answer> (to|on)? (our (<kind>|most recent|current)? (<offer>
            |<message>))? (from you)? <convenient>?
        (please)? take (all the|your|as much)? time (that)? (as)? (you)? (need|like|want|wish)?
        (we)? (hope|look) (to|forward to) (hear|hearing) (back)? from you <convenient>?
        (the ball is|it is|now it is) (now)? (your turn|in your court)
        we (have)? (already)? (sent|made|given|shared|submitted) (you)? our (<kind>)? <offer> (to
            you|with you)? (already|earlier|today|yesterday)?
        our (<kind>)? <offer> (is|remains|stays) (on the table|with you)
    """,
    "hold": """
        you (will|can expect to) hear (back)? (from (us|<ours_side>))? (again)? (<soon>)? (on (this
            |<theirs>)|about (this|<theirs>))? (<soon>)?
        (and)? (we|<ours_side>)? (will|shall|are going to|plan to|hope to|want to|mean to|would
            like to) (then)? <reply> (again)? (with (an|our) (answer|reply|response)|about this|on
            (this|<theirs>))? <soon>?
        (we|<ours_side>) (are|is) (still|currently|now|already|in the process of|busy)? <looking>
            <theirs> <manner>? <manner>? (now|at the moment|right now)?
        (we)? (will|would like to|need to|have to|want to|must|shall|are going to|still need to
            |still have to|would like time to|need time to) <look> <theirs> <manner>? <manner>?
            (before we <reply>)? <soon>?
        we (will|would like to|need to|have to|want to|must|shall|still need to|still have to)
            (talk|speak|consult|confer|check) (to|with)? (our <side>|the team) (first)? (about
            <theirs>|on <theirs>)? (before we <reply>)?
        (let|allow) us (to)? (<look> <theirs>|(talk|speak|consult|confer) (to|with)? (our <side>
            |the team)) (about <theirs>)? <manner>? <manner>?
        we (need|ask for|ask you for|would ask for|require|would like|could use|would appreciate)
            (a|some|a bit of|a little|a little more|some more|a bit more|your|a short)? (more
            |further)? (time|patience|moment|while) (to <look> <theirs>)? <manner>? (before we
            <reply>)?
        (please)? (bear with us|give us|allow us|grant us|have patience|be patient|hold on|hang on
            |have a little patience|ask for your patience) (a|some|a bit of|a little|a short|a bit
            more|a little more)? (moment|time|while|patience|bit)? (with us)? (to (<look> <theirs>
            |(talk|speak|consult|confer) (to|with)? (our <side>|the team))) ? <manner>? (while (we
            |<ours_side>) (<look> <theirs>|are <looking> <theirs>))? <manner>?
        your (<kind>)? (<message>|<offer>|<answer>) (has|have)? (now|safely)? (reached us|arrived
            |come in|been received|been noted)
        your (<kind>)? (<message>|<offer>) (is|are) (being|now being|currently being|still being)
            (reviewed|considered|discussed|looked at|looked into) <manner>?
        your (<kind>)? (<message>|<offer>) (is|are) (now|currently|still)? (under (review
            |consideration)|with (our <side>|the team))
        (this is)? (just)? (a)? (short|quick|brief)? (note|message|line|word) to (say|let you know
            |tell you) (that)? (we (are|is) (still|currently)? <looking> <theirs> <manner>?|we have
            <looked> <theirs>|you will hear from us <soon>?|we will <reply> <soon>?)
        (we|<ours_side>) (are|is) (still|currently|now)? (talking|speaking|conferring|consulting)
            (to|with)? (our <side>|the team|each other) (about <theirs>)?
        (please)? (wait|wait a moment) (for our (answer|reply|response|decision))?
        we are (on it|still at it|working on it|working on our (answer|reply|response|decision))
        our (answer|reply|response|decision) (will follow|is on its way|is to follow|will come|will
            reach you) <soon>?
        an (answer|update) (will follow|is on its way|will come) <soon>?
    """,
    "accept": """
        (<yes>)? (we|<ours_side>) (hereby|fully|gladly|happily|therefore)? (accept|agree to|agree
            with|take up) <accepted>
        (<yes>)? we (hereby|fully|gladly|happily|therefore)? (accept|agree)
        (<yes>)? (we are <pleased>|<pleased>|we write|this is|we are writing) to (hereby)? (accept
            |agree to|say yes to|confirm that we (accept|agree to)|inform you that we (accept|agree
            to)|let you know that we (accept|agree to)|tell you that we (accept|agree to)|say that
            we (accept|agree to)|announce that we accept|confirm our (acceptance of|agreement to))
            <accepted>
        (<yes>)? (we are)? <pleased> to (accept|agree|say yes)
        (we|this|this message)? (hereby)? (confirm|confirms) our (acceptance of|agreement to)
            <accepted>
        your (<kind>)? <offer> (is|has been|are) (hereby|gladly)? accepted (in full|as it stands|by
            us)?
        (that|this|your (<kind>)? <offer>|it) (works|is fine|is good|is agreeable|is acceptable
            |works well) (for us|with us|to us)
        (that|this|your (<kind>)? <offer>|it) suits us (well)?
        (<yes>)? (you have|you have got|we have|we have got|it is|that is|this is) a deal (at)?
        <yes>
        sold
    """,
    "joy": """
        (please)? enjoy the <thing>
        (we)? (are <glad>|<glad>) to (have|welcome|meet|get to know) <you> (on board|aboard|in our
            team|with us|on our team|here)?
        you will (like|love|enjoy|be happy with|feel at home in|feel at home) (it|the <thing>)?
            (here)?
        (great|good|wonderful|perfect|excellent|splendid|marvellous|very well|fine|fantastic|okay
            |ok|all right) (news)?
        on behalf of (our team|the team|the (@|purchasing|sales|hiring|procurement) team|our
            company|@)
        to confirm (the (agreed)? (terms|details)|what we agreed|our agreement) (once more|again)?
        (for the record|for good order|in summary|to sum up|to recap)
        (the|our)? (agreed)? (terms|details) (we agreed on|of our agreement)? (are|are as follows
            |as agreed|in full|once more)?
        (we)? (are <glad>|look forward|are looking forward|looking forward|cannot wait|<glad>)
            (to)? (moving in|move in|settling in|settle in|getting started|get started|starting
            |start|seeing you|see you|our new <thing>|the cooperation|the start|be (your|our)?
            (new)? @|becoming your @|working together|have reached an agreement|have come to an
            agreement|have found an agreement|have found common ground)
        we are <glad> (that)? we (have)? (reached|found|came to|come to|could find) (an agreement
            |common ground|a solution|this agreement)
    """,
    "walk": """
        (goodbye|good bye|farewell|so long) (to <you>|@)?
        (<sorry>)? (we|<ours_side>)? (have|has)? (decided|chosen|resolved|come to the conclusion
            |concluded) (that)? (it is (best|time)|the best is|we)? (to|will|must|have to|shall
            |are)? <leave>
        (<sorry>)? we (are|will be|must|have to|will|shall|will have to|need to|are going to|regret
            to|regret that we (are|must|have to|will)|have decided to|would like to|wish to|are
            therefore|will therefore|must therefore|hereby|are now|will now|choose to|now)? <leave>
        (are|will|must|have to) (now|therefore)? <leave>
        (<sorry>)? (we (have (come|came)|came|have arrived) (to|at) the (conclusion|view) that|it
            (seems|appears) (that)?|we (find|feel|see) that)? we (<cannot>) (be able to)? (see a
            way to|see a way for us to|see any way to|see how (we|to) (can|could|will)?|think
            (that)? we (will|can|could)|believe (that)? we (will|can|could)|find a way to|manage to
            |see us|manage to)? (be able to)? <agree> (here|on this|with <you>|at this point|after
            all)?
        (<sorry>)? we (<cannot>) see (a|any) way (forward|to continue|to go on|ahead) (here
            |together)?
        (<sorry>)? we (will|can|do) not (be)? (move|moving|go|going|proceed|proceeding|continue
            |continuing) (on)? (forward|further|ahead|any further|with <talks>) (here|on this|with
            (this|<talks>))?
        (<sorry>)? (this|it|that) (is not going to|will not|does not|cannot|did not) (work out|work
            |lead anywhere) (for us|for both of us|between us|here)?
        (<sorry>)? <talks> (are|is|have come|has come) (hereby)? (over|closed|ended|at an end|to an
            end) (for us)?
        (with)? (this|that|we)? (ends|concludes|end|conclude) <talks> <here>?
    """,
    "parting": """
        <sorry>
        (<sorry>)? (it (seems|appears)|we (feel|think|find|see))? (that)? (our (positions|views
            |ideas|expectations)|we|the # sides|the two sides|our two sides|both sides) (are|remain
            |stand) (simply|still)? too far apart
        (there are)? no hard feelings
        (we)? (hope|would be <glad>|would love) (to|that we can|we can|that we may) (work|talk|meet
            |speak|do business|cooperate) (with <you>|together|again)? (again|with <you>|together)?
            (in (the|a) future|another time|some day|one day|on another occasion|down the road)?
        thank you (all)? for (everything|your understanding|all your <grace>)
        (thanks|thank you) for (all)? (the|your) <grace> (all|all the same|nonetheless)?
        (all the same|nonetheless|even so|still)
        (we)? (hope|trust) (that)? (you (find|will find)|you understand) (what you are looking for
            |a good (@|solution|home|match|partner)|our (decision|position|reasons))?
    """,
}
"""The clauses by what they do, one a line; a line that is indented further goes on."""

ALLOWED: dict[str, frozenset[Act]] = {
    "counter": frozenset(
        {"courtesy", "opening", "lead_in", "about", "menu", "menu_about", "prospect", "await"}
    ),
    "accept": frozenset({"courtesy", "opening", "prospect", "accept", "joy"}),
    "hold": frozenset({"courtesy", "opening", "await", "hold"}),
    "walk": frozenset({"courtesy", "opening", "walk", "parting"}),
}
"""What the clauses of a message may do, by decision."""

SAYING: dict[str, frozenset[Act]] = {
    "accept": frozenset({"accept"}),
    "hold": frozenset({"await", "hold"}),
    "walk": frozenset({"walk"}),
}
"""What says a decision."""


@cache
def grammar() -> Grammar:
    """Return the clauses, read once."""
    kinds = {name: pattern(text) for name, text in KINDS.items()}
    return Grammar(kinds, {act: [*map(pattern, _lines(text))] for act, text in CLAUSES.items()})


def _lines(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.strip("\n").splitlines():
        if line.startswith(" " * 12):
            lines[-1] += " " + line.strip()
        elif line.strip():
            lines.append(line.strip())
    return lines
