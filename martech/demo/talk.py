"""What people said on the records: kind, record, then (days ago, who, words)."""

TALK: tuple[tuple[str, str, tuple[tuple[int, str, str], ...]], ...] = (
    ("system", "Mosskeep", (
        (262, "priya", "We would like one profile per customer before the spring season. The vendor says four weeks to go live."),
        (261, "tomasz", "Four weeks from what? The offer has a licence and two workshops. Nothing on the shop, the CRM or the service desk. That is the work."),
        (260, "priya", "Fair. I asked them to quote the three connections and moving the consents. @Ivo, can you estimate our own days?"),
        (257, "ivo", "62 days for the three feeds, 15 for matching rules, and somebody has to decide which side wins on opt-outs. The licence is 84,000 a year; "
                     "the first year is nearer 390,000 all in. Better to know it now."),
        (255, "birgit", "Then the plan of 90,000 does not hold. I need a revised case before I can put it on the list."),
        (221, "helen", "Revised case read. One shared goal for both functions: a new owner hears from us within a day instead of three weeks. Let us decide on that."),
        (169, "ama", "Security review done. Conditions: sign-on before the first real record, and a named person who answers requests for erasure."),
        (129, "ivo", "Implementation begins. Feeds from CRM and shop first; the desk waits for Ostrelle Service so that we do not build it twice."),
        (37, "callum", "Still open: Engage and Mosskeep both want to decide who may be written to. Until that is settled no segment goes out."),
    )),
    ("system", "Lettergrove", (
        (370, "callum", "Found in the expense list: nine payments by card since last year. Logged it so that it is at least seen."),
        (369, "rosa", "We needed a letter out before Easter and the queue for Engage was three weeks. Nobody said we could not."),
        (368, "ama", "Nobody was asked, either. 14,000 customers' addresses in the US without an agreement. Please do not add any more."),
        (351, "priya", "The queue was our fault. Two templates in Engage are now yours to send without us."),
        (89, "dev", "Last letter but two. Lists exported with their opt-outs, see the document."),
    )),
    ("system", "Quillmark Pages", (
        (640, "aoife", "For the record: marketing signed this in its own name, IT heard of it at the kick-off. It works well, and it still has no support agreement with us."),
        (638, "ben", "Correct. When the pages were down on a Sunday in May we were called and could do nothing: no access, no contract number, no contact."),
        (300, "aoife", "Contact and contract number are in the documents now. An agreement on who is called when is still to be written."),
        (41, "luca", "Release day moved to Tuesday; Friday releases were a bad habit."),
    )),
    ("system", "Answerby Desk", (
        (284, "leila", "We log it here at last. Twelve years with these people; they were small and European when we began."),
        (241, "tomasz", "The desk goes to Ostrelle Service. Please no new macros that the next desk cannot do."),
        (162, "eoin", "The data-processing agreement runs out before the move is finished. I have asked for an extension; their draft refers to a law that no longer exists."),
        (57, "eoin", "Extension unsigned. If nothing comes by the end of the month we restrict what agents may write into tickets."),
        (9, "tess", "Agents keep asking whether the move is really in spring. A date would help with the rota."),
    )),
    ("system", "Postwren", (
        (119, "fiona", "Dealers like the letters. I do not want to move in the season."),
        (117, "priya", "Agreed: not before October. But each month four people copy opt-outs by hand and each month some are missed."),
        (87, "tomasz", "No new lists here from now on, please. What exists stays until the move."),
        (23, "margit", "A dealer in Graz wrote for the third time that he does not want the letter. He is opted out everywhere but here. This is embarrassing."),
    )),
    ("system", "Vantrell Webinars", (
        (97, "gareth", "My last week. Open: recordings of last year need a decision, and the account is still tied to my address."),
        (59, "laura", "I have taken over the webinars, but I cannot get into the account. Who can?"),
        (58, "sinead", "Not us: it is not on sign-on. The vendor wants a letter from the account's owner, who has left."),
        (55, "laura", "Letter sent with Fiona's signature. Until then dealers register by mail to me."),
    )),
    ("system", "Dealer price book", (
        (214, "margit", "I know what you all think of the workbook. It is the only place where every discount is right."),
        (213, "kasia", "Until somebody sorts one column and not the next. That was 38,000 euros."),
        (151, "owen", "The portal can hold discounts by dealer group. I will load three groups as a test, side by side with the book."),
        (72, "owen", "Test over: 4 of 1,900 prices differed, and all four were wrong in the book."),
        (71, "margit", "Then let us move after the season. Not before."),
    )),
    ("system", "Loyalbourne Club", (
        (53, "priya", "Trial with colleagues only, no customer data. Question to answer: do people service their machine earlier for points?"),
        (31, "ama", "Fine as long as it stays with colleagues. A real start is a new review."),
        (6, "callum", "Trial ends next week and 71 of 100 have used it. We should decide whether to buy, extend once or stop."),
    )),
    ("system", "Partnerbeck", (
        (117, "kofi", "Sixty days with five bloggers; links only, no data of visitors leaves the shop."),
        (12, "callum", "The trial ended five days ago and the links still work. Kofi, what is the plan?"),
        (11, "kofi", "Waiting for the last settlement to see whether it paid. I will decide by Friday."),
    )),
    ("system", "Snapquay", (
        (72, "sinead", "Seen in the network log of Cork, Utrecht and Augsburg: 23 people in one month."),
        (71, "mette", "That is us. The agency's files are larger than mail allows and nobody told us what to use instead."),
        (69, "ama", "The links can be guessed; I found one of our price lists in ten minutes. Blocked from Monday. Use Plattenholt: it shares outside with an end date."),
        (68, "dev", "I have put a two-minute lesson on that into the editorial channel."),
    )),
    ("system", "Chatmarrow", (
        (44, "sinead", "Eleven sign-ups with company addresses."),
        (43, "nora", "I use it for first drafts of help articles, never for anything unreleased. It saves me an hour a day. Could we have it properly?"),
        (42, "ama", "Thank you for saying so openly. Send a request with what it is for, and I will review the enterprise tier rather than forbid it."),
    )),
    ("system", "Ledgerhurst", (
        (91, "birgit", "Trial with last year's figures."),
        (44, "callum", "It does what the workbook does, and it knows what is committed. I would give up the workbook for it."),
        (38, "kasia", "The link to the ERP is not in the quote. Our estimate: 19 days, none of them free this quarter."),
        (36, "birgit", "Then we approve the tool and plan the link for next quarter, both written down. No surprise invoices."),
    )),
    ("system", "Tarnwater Shop", (
        (198, "annika", "The fail-over test took the shop down for 40 minutes instead of two. The report is in the documents."),
        (196, "ben", "Two of the three causes were ours. Both are fixed; we test again in January."),
        (34, "sean", "Verified owners, addresses and the contact list. Phone number of the night shift has changed."),
    )),
    ("system", "Spare parts catalogue", (
        (222, "leila", "Please nobody touch it before there is something better. 600 workshops live by it."),
        (220, "ben", "Nobody will. But the component behind the drawings gets no more updates, and the certificate is renewed by hand each year."),
        (4, "ben", "And this year the hand forgot. New certificate is ordered."),
    )),
    ("system", "Season microsite builder", (
        (18, "rosa", "Each season we wait six weeks for a page that lives for four."),
        (17, "aoife", "Pages has campaign templates since the summer. Shall we look at them together before we buy a second builder?"),
        (15, "rosa", "Gladly. Thursday."),
    )),
    ("system", "Findlemere Search", (
        (71, "aoife", "Go: index of articles first, spare parts second."),
        (26, "ivo", "Spare-part numbers come from the catalogue once a week and rows that fail are dropped. Search can only find what arrives; that path needs an owner first."),
    )),
    ("system", "Splitfield", (
        (403, "hana", "Trial on the delivery page only, no personal data."),
        (395, "luca", "Measured: 38 milliseconds on a cheap telephone. I can live with that."),
    )),
    ("system", "Channelwick Portal", (
        (57, "ama", "1,280 dealer accounts without a second factor. The tier that has it costs 9 euros a dealer and year."),
        (55, "margit", "Less than one wrong delivery. Please put it into the plan."),
    )),
    ("vendor", "Answerby", ((61, "marco", "Notice must reach them in writing 90 days before the term ends. I keep the day in my calendar until it can be kept here."),)),
    ("vendor", "Lettergrove", ((348, "eoin", "Sent our standard agreement; their answer was a link to a help page."),)),
    ("vendor", "Quillmark Group", (
        (520, "marco", "New frame agreement: one price list for both companies. Single orders need my signature, not four different ones."),
        (510, "aoife", "Does that cover workshops? We were billed 11,000 for one in March."),
        (509, "marco", "It does now: day rate in annex 3."),
    )),
    ("vendor", "Reachholm", ((129, "eoin", "They suggested switching the consent check off “for measurement”. I have kept the mail."),)),
    ("vendor", "Weldgate Integration", ((180, "ivo", "Good people. Ask for Mr Dunmore's team; they know our ERP."),)),
    ("integration", "Yesfold to Postwren", (
        (23, "fiona", "Since when? We sent to these lists twice this month."),
        (22, "ivo", "Since their interface changed on the first. It answered “accepted” and did nothing."),
        (21, "eoin", "312 people to be told. Draft is with you by tonight."),
        (3, "ivo", "Fix is in test. Until then Inês removes the addresses by hand before each send."),
    )),
    ("integration", "Bidwharf Console to Data warehouse", ((15, "felix", "I work until two; if the seven o'clock run fails as well, please call Ivo."),)),
    ("integration", "Dealer microsites to Ostrelle CRM", ((309, "aoife", "It turned out the server stands under a desk in Cork. The desk's owner was on holiday and had switched everything off."),)),
    ("integration", "Signcroft Quotes to Hexlowe ERP", ((93, "peter", "400 quotes a month typed twice. Signcroft has a connector; the ERP side would be ten days."),)),
    ("data object", "Customer", (
        (395, "noor", "Five systems, five definitions. Sales counts companies, the shop counts accounts, service counts telephone numbers."),
        (381, "chloe", "Agreed in the round: bought at least once. The CRM is right where two disagree."),
    )),
    ("data object", "Price", ((212, "kasia", "List price: ERP. Discount: workbook. As long as that is so there is no one right source, and I would rather leave the field empty."),)),
)

# Who follows what: person, kind, record
FOLLOWS = (
    ("nora", "system", "Quillmark Pages"), ("nora", "system", "Chatmarrow"), ("nora", "system", "Plattenholt"), ("priya", "system", "Mosskeep"),
    ("priya", "system", "Postwren"), ("priya", "integration", "Yesfold to Postwren"), ("tomasz", "system", "Mosskeep"), ("tomasz", "system", "Ledgerhurst"),
    ("tomasz", "vendor", "Answerby"), ("ama", "system", "Snapquay"), ("ama", "system", "Chatmarrow"), ("ama", "vendor", "Lettergrove"),
    ("eoin", "system", "Lettergrove"), ("eoin", "integration", "Yesfold to Postwren"), ("birgit", "system", "Ledgerhurst"), ("birgit", "system", "Mosskeep"),
    ("marco", "vendor", "Quillmark Group"), ("marco", "vendor", "Answerby"), ("helen", "system", "Mosskeep"), ("helen", "system", "Quillmark Engage"),
    ("jonas", "system", "Commission model"), ("margit", "system", "Postwren"), ("leila", "system", "Ostrelle Service"), ("ivo", "system", "Mosskeep"),
)

# Kept by, page, name, query, shared
VIEWS = (
    ("priya", "inventory.system", "Live without a business owner", "lifecycle=live&business_owner__isnull=true&ordering=name", True),
    ("tomasz", "inventory.system", "Mission critical", "criticality=mission&ordering=name", True),
    ("ama", "inventory.system", "Live, personal data, no single sign-on", "lifecycle=live&personal_data=yes&sso=no&ordering=name", True),
    ("tomasz", "inventory.system", "On trial", "lifecycle=evaluating&ordering=trial_ends_on", True),
    ("callum", "inventory.system", "Found, not yet judged", "lifecycle=discovered&ordering=-created_at", True),
    ("tomasz", "inventory.system", "Being left", "lifecycle=phasing_out&ordering=retired_on", True),
    ("ivo", "inventory.integration", "Degraded", "status=degraded&ordering=name", True),
    ("marco", "inventory.vendor", "Restricted", "status=restricted&ordering=name", True),
    ("helen", "inventory.system", "Critical and live", "lifecycle=live&criticality=critical&ordering=name", False),
    ("nora", "inventory.system", "Newest first", "ordering=-created_at", False),
)
