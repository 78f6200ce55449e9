"""Clauses that say a decision or go with one: patterns of `anchor.frames`, by what they do."""

from __future__ import annotations

DECISION_CLAUSES = {
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
        (we)? (hope|look) (to|forward to) (hear|hearing) (back)? from you <convenient>?
        (the ball is|it is|now it is) (now)? (your turn|in your court)
    """,
    "sent": """
        we (have)? (already)? (sent|made|given|shared|submitted) (you)? our (<kind>)? <offer> (to
            you|with you)? (already|earlier|today|yesterday)?
        our (<kind>)? <offer> is (on the table|with you)
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
        (<yes>)? (we|<ours_side>) (hereby|fully|gladly|happily|therefore)? (accept|agree to|take
            up) <accepted>
        (<yes>)? we (hereby|fully|gladly|happily|therefore)? (accept|agree)
        (<yes>)? (we are <pleased>|<pleased>|we write|this is|we are writing) to (hereby)? (accept
            |agree to|say yes to|confirm that we (accept|agree to)|inform you that we (accept|agree
            to)|let you know that we (accept|agree to)|tell you that we (accept|agree to)|say that
            we (accept|agree to)|announce that we accept|confirm our (acceptance of|agreement to))
            <accepted>
        (<yes>)? (we are)? <pleased> to (accept|agree|say yes)
        (we|this|this message)? (hereby)? (confirm|confirms) our (acceptance of|agreement to)
            <accepted>
        your (<present>)? <proposal> (is|has been|are) (hereby|gladly)? accepted (in full|as it
            stands|by
            us)?
        (that|this|your (<present>)? <proposal>|it) (works|is fine|is good|is agreeable|works
            well) (for us|with us|to us)
        (that|this|your (<present>)? <proposal>|it) suits us (well)?
        (<yes>)? (you have|you have got|we have|we have got|it is|that is|this is) a deal (at)?
        (yes)? (agreed|deal) (then|indeed)?
        all right agreed
        sold
    """,
    "joy": """
        (please)? enjoy the <goods>
        welcome (@|all|everyone)?
        yes
        (we)? (are <glad>|<glad>) to (have|welcome|meet|get to know) <you> (on board|aboard|in our
            team|with us|on our team|here)?
        you will (like|love|enjoy|be happy with|feel at home in|feel at home) (it|the <goods>)?
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
            |start|seeing you|see you|our new <goods>|the cooperation|the start|be (your|our)?
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
            |see us|manage to)? (be able to)? <agree> (here|on this|with <you>|after all)?
        (<sorry>)? we (cannot|can not|are unable to) agree
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
}
"""One a line; a line that is indented further goes on."""
