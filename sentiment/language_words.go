package sentiment

import (
	"math/bits"
	"strings"
)

// english is English's place among the languages: the first bit.
const english = 0

// latin are the languages of Latin letters told apart by their words, and the
// words that people write most: function words, the talk of customers, the
// short forms of chats. ASCII forms stand beside accented ones, because many
// leave accents out. A word before the bar is strong evidence; one behind it is
// weak, because names hold it too ("La Scala", "El Camino", "Van Gogh").
//
// The lists are our own. A word in several lists counts for each of them, and
// the less the more there are.
var latin = []struct{ code, words string }{
	{"en", `the and with that this they you your have for not but from would could should it my our very just because been are what
		when there their after she really about which who than then them were don't didn't wasn't isn't can't won't couldn't
		it's i'm i've we're they're you're doesn't haven't hasn't wouldn't i'll i'd that's there's get got getting did does being where how why
		again never always every much many some any other too back even still want need needed needs wanted service food place good
		great bad nice love loved like time people ordered order staff best worst by ever here his him out up down into own these those
		was is in on at to of an be as so all no me if or we he us had has will can do one more most only first last before while
		also well now new old day today tomorrow yesterday night week year morning think know going go went come came see look make made take took
		say said told tell ask asked give gave work works working thing things something anything nothing everything everyone someone anyone
		please thanks thank sorry hello happy bye yes yeah ok okay dont didnt cant wont im ive ur u lol omg wtf idk thx pls
		room hotel table wait waited waiting flight customer store restaurant product quality price ordering delivery refund money
		slow fast cold hot clean dirty friendly rude helpful amazing awesome terrible horrible awful excellent perfect poor disappointed
		through during until without between both each few such same another might must may shall yet off over under once though
		again against around away better bought buy call called car card check city coffee company days dinner drink eat email end
		enjoy enjoyed experience family feel fit found free fresh friend friends fun game girl guy guys hard help high home hope hour hours
		house job keep kids know left let life little live long lot lots lunch man men menu minutes month months need next nobody number
		online paid part party pay person phone play point problem put quite read recommend right same school shit show size small spot
		stay stop sure taste team thought tonight top tried try trying turn two use used using visit watch way weeks where white
		whole why wish woman women wonderful won't word world worth wow wrong years you'll you've
		via super premium style exceeds cool fuck damn phase rooms location convenient pleasant spacious value start opportunity plan content film movie comfortable staying stayed bed breakfast view lovely decent average | a i am pizza pasta chef`},
	{"es", `y pero muy este está estoy están estás estos esta para por una lo mi más qué porque hoy yo tengo hay gracias como ya eso
		todo todos toda todas bien cuando mejor si sí servicio comida con del al se su sus nos les un son fue era ser hace hacer
		que no me te ha han he también tambien nada algo aquí aqui ahí ahora siempre nunca mucho mucha muchos muchas muchas tiene tienen
		tenemos tienes quiero quiere puede puedo pueden decir dice voy vas va vamos dia día días dias año años noche mañana ayer
		semana gente vida casa amigo amigos feliz bueno buena buenos buenas buen malo mala mal peor gran grande igual solo sólo sin sobre
		entre desde hasta donde quien quién cual cuál cómo cuándo dónde tan tanto así asi pues entonces luego después despues antes
		otra otro otros otras cada mismo misma esa ese esos esas aunque mientras según hola jajaja jaja jajajaja xq pq tb q 
		excelente pésimo pesimo horrible lento rápido precio precios caro cara barato rica rico camarero camarera mesa habitación
		habitacion atención atencion amable recomiendo volveré volveremos tardaron pedido cuenta dinero tienda nuestra nuestro mis
		tus tu te ti él ella ellos ellas nosotros ustedes usted fui estuvo estaba estamos había habia hemos dos tres vez veces
		estar siendo sido hecho hizo dijo digo sé sabes saber creo cree parece nuevo nueva nuevos nuevas primer primera primero último
		última mejores peores mayor menos aún aun todavía todavia ni o u e le eran soy eres somos fueron tardes noches adiós ayudar
		ayuda mundo tiempo mujer hombre hijo hija madre padre niño niña niños chica chico tarde durante contra hacia cualquier mía mío
		tuyo cosa cosas verdad claro cierto jefe dale che alguien nadie nosotras vosotros llegar llega llegó llevo lleva quedar queda
		quedó mirar mira ver veo gustó gusta gustaría encanta encantó pena cumple cumpleaños viernes sábado sabado domingo lunes
		martes miércoles jueves enero amor corazón triste alegría excelentes hermoso hermosa lindo linda pide pedimos servicios limpia
		limpio sucia sucio
		super via | el los la las de en a es`},
	{"pt", `não nao um uma você voce vocês com muito muita muitos meu minha meus minhas eu mas isso isto foi pra são sao ele ela eles elas então
		entao também tambem tá ta vc vcs hoje tem mais tudo todos quando melhor ser vou serviço servico comida já ja estou esta está
		estava estão no na nos nas do dos das ao aos à às pelo pela por para que se só so como porque pq quem qual onde aqui agora
		sempre nunca nada algo ainda depois antes até ate sem sobre entre cada mesmo mesma outra outro outros seu sua seus suas nosso
		nossa te me lhe era eram fui fomos tinha temos tenho têm fazer faz feito dizer disse diz vai vamos vão quero quer pode posso
		dia dias noite amanhã amanha ontem semana ano anos gente vida casa amigo amigos amiga feliz bom boa bons boas mau má ruim péssimo
		pessimo pior ótimo otimo ótima excelente grande tão tao tanto assim bem mal menos mto mt tbm tb q obrigado obrigada kkk kkkk
		kkkkk rs rsrs gostei adorei recomendo atendimento preço preco caro barato lento rápido mesa conta dinheiro loja produto pedido
		chegou demora demorou comprei voltar voltarei quarto limpo gosto acho sei ver ter está esse essa esses essas este isso aí lá
		né ne vem pois nem vezes vez coisa dois duas fica ficar deus mundo ninguém alguém parece falar cara ontem
		ai amo demais porra foda pqp hein linda lindo lindas saudade saudades galera mulher homem criança crianças mãe mae pai filho
		filha menina menino falando fazendo querendo chorando assistindo assistir jogo tava tô pro pros nós certeza rainha adoro
		maravilhosa maravilhoso alguem ninguem ficou acabou sério serio eita aff oq mano muié kkkkkk kkkkkkk hahaha ô ó dá deu fez
		foram faço façam tanta tantos nova novo novas novos primeira primeiro última último enquanto embora durante contra deste desta
		desse dessa disso nisso nesse nessa neste nesta numa num pelos pelas queria gostaria sou somos estamos estavam tive teve
		tivemos comer bebida garçom hora horas minutos chegar espero amor coração chorar rir louco louca aquele aquela aqueles daquele
		teu tua igual feio feia chato chata show ruins mds oi olá tchau bora
		super via
		começou saiu tomara ligado parabéns parabens cadê cade ata | de a o e é os as da em`},
	{"fr", `le les est pas une et je des pour dans qui sur avec très tres nous vous mais c'est cest j'ai jai du au aux ce ça ca elle
		plus tout toute tous toutes bien ne que on ils il elles se sa ses son mon ma mes ton ta tes leur leurs notre nos votre vos
		cette cet ces être etre avoir fait faire dit dire va vais vas vont suis sont était etait ai as ont avez avons été ete a
		quand comme comment où pourquoi parce si non oui merci bonjour bonsoir aujourd'hui demain hier jour jours année ans soir nuit
		semaine toujours jamais rien encore aussi même meme trop peu beaucoup autre autres alors donc après apres avant depuis
		entre sans sous chez vers par moins bon bonne bons mauvais mauvaise meilleur pire grand petit petite nouveau belle beau
		gens vie monde maison ami amis chose service repas plat restaurant serveur serveuse accueil chambre prix cher commande
		livraison produit lent rapide froid attente attendu heure heures minutes argent jamais recommande déçu decu nul c'était
		n'est n'ai n'a qu'il qu'on d'un d'une l'on j'aime j'en j'avais s'est t'as y'a là cela celui celle ceux dont ici voilà
		veux veut peut peux faut quoi quel quelle mdr ptdr tkt jsuis jpp nan ouais mtn tjrs pcq deux trois fois moi toi lui eux
		étaient étais sera serait seront sommes êtes fais font faites fallait voir vu vois voit prendre pris mis mettre parler parle
		dis arrive arrivé passe passé quelque quelques chaque plusieurs certains premier première dernier dernière nouvelle nouveaux
		nouvelles homme femme femmes enfant enfants pays français france travail travailler loi projet grâce selon afin ainsi lors
		contre pendant vraiment peut-être lequel laquelle matin mois années temps mal mieux rire pleure coeur amour envie besoin
		regarde écoute manger dormir heureux triste super génial nulle horrible sympa agréable bonnes jolie joli enfin puis surtout
		presque vite loin près devant derrière ensemble ceci soit aucun aucune personne assez parfois souvent tant tellement pourtant
		désormais voici allez allons vas-y dommage franchement connais sais sait savoir crois pense trouve trouvé cherche demande
		réponse
		via
		espèce piège proche plage rapport énergie | la de un en à`},
	{"it", `il che è di non per sono una con mi del della ma anche molto più piu questo questa questi queste gli come ho ha hai abbiamo
		alla allo agli alle dei degli delle dello lo bene e al dal dalla nel nella nelle nei sul sulla si se ci vi ne io tu lui lei
		noi voi loro mio mia miei mie tuo tua suo sua suoi nostro nostra vostro essere avere fare fatto fa dire detto dice va vado
		vai andare sta sto stai stato stata stati era erano sei siamo siete hanno perché perche quando dove chi cosa quale quanto
		quanti tutto tutti tutta tutte niente nulla mai sempre ancora già gia ora adesso oggi domani ieri giorno giorni anno anni
		notte sera settimana gente vita casa amico amici felice buono buona buoni buone buon cattivo peggio meglio migliore peggiore
		grande solo senza sopra tra fra fino dopo prima poi così cosi allora però pero oppure invece troppo poco pochi molti molte
		altro altra altri altre ogni stesso qui qua là lì grazie ciao prego ristorante servizio cibo cameriere camera prezzo prezzi caro
		tavolo conto ottimo ottima pessimo pessima lento veloce freddo pulito consiglio consigliato torneremo tornerò ordine
		consegna prodotto soldi negozio personale gentile gentilissimi due volta volte cmq nn xke xché d'accordo c'è cè dell'
		un'altra l'ho quest' po vuole voglio può puo posso devo deve bello bella governo
		c'era è' dell'italia faccio fanno fai avevo aveva avevano ebbe stava stavo stanno saranno sarà sarebbe sarei potrebbe dovrebbe
		vorrei vogliamo vogliono possiamo possono devi devono dobbiamo andiamo andato andata venire viene vengono arriva arrivato
		visto vedere vedo guarda sentire sento sapere so sa sai credo pensare penso parlare parla dico dici dicono mangiare mangiato
		bere dormire amore cuore bimbo bambini uomo donna donne ragazzi ragazza mondo paese italia italiani italiano scuola lavoro
		tempo momento ore minuti mattina stasera buongiorno buonasera buonanotte auguri nuovo nuova nuovi nuove primo ultimo ultima
		proprio vero vera davvero quasi forse magari soltanto anzi comunque quindi dunque infatti mentre durante contro verso dentro
		fuori sotto dietro quello quella quelli quelle qualcosa qualcuno nessuno nessuna ognuno ragione bravo brava bravi brutto
		brutta nero bianco piccolo piccola alto alta meno male subito presto tardi insieme via far dar dir fosse fossi avesse mica
		tipo cioè boh beh ecco eh
		super
		forza amo incredibile addio tanti tante ai dagli oltre presso | la le i a in un un' di da`},
	{"de", `der das und ist nicht ich ein eine einen einem einer eines zu mit für fuer auf den sehr wir auch es von aber sich war dem wie im
		schon noch mal nur heute wenn dass hat sind mir mich dich dir uns euch ihr ihre ihren sein seine seinen mein meine meinen
		dein deine kein keine keinen kann können konnte muss müssen soll will wollen wird werden wurde wurden würde hatte hatten habe
		haben gibt geht gehen ging macht machen gemacht sagen sagt was wer wo wann warum wieso weil ob oder als also so da dann
		doch denn ja nein bitte danke hallo immer nie nichts etwas alles alle mehr viel viele wenig ganz gar wieder jetzt hier dort
		gestern morgen tag tage jahr jahre nacht abend woche leute leben haus freund freunde gut gute guten guter schlecht schlechte
		besser beste schön schöne toll tolle leider zum zur bei beim nach vor aus über ueber unter ohne gegen durch um an am
		bis seit zwischen während man er sie ihm ihn ihnen diese dieser dieses jeder jede essen bedienung kellner zimmer preis
		preise bestellung lieferung bestellt geliefert geschmeckt teuer langsam schnell kalt freundlich gewartet stunde stunden
		minuten geld laden produkt empfehlen empfehlung zufrieden enttäuscht bin bist seid hab is nix ned net nich gerade echt
		eigentlich einfach natürlich endlich mann frau neue neuen erst weiß weiss heißt zwei drei gleich deutschland
		unser unsere unserer unseren glücklich lieben liebe lieber liebsten verdammt ab ins vom total gern gerne mag freue freu warte
		warten neu kleine kleiner großen große großer größter ersten erste zeit welt uhr ne nee jap wohl bisschen kommt komme kommen
		gekommen sehen sieht gesehen weiter voll krass geil geile alter alte alten arbeit schule schlafen schläft müde wach trinken
		kaffee mädchen junge jungs kinder kind mutter vater mama oma opa schatz herz lachen lustig witzig traurig hoffentlich
		vielleicht wahrscheinlich genau sicher klar stimmt finde findet gefunden denke glaube glaubt wissen kenne kennt sollte sollten
		könnte könnten müsste dürfen darf lassen lässt bleibt bleiben nehmen nimmt gab gegeben stehen steht sitzen sitzt liegt brauche
		braucht brauchen jemand niemand welche welcher welches solche deren dessen damit dafür daran darauf darum dazu davon hin her
		rein raus wochenende montag dienstag mittwoch donnerstag freitag samstag sonntag abends morgens spiel spiele verein spieler
		trainer fussball fußball ebay wünsche wünscht ganze ganzen letzte letzten nächste nächsten eben fast trotzdem sogar selbst
		allem allen anderen andere anders unten oben außer bevor nachdem sobald falls
		super via
		scheiße möchte ach problem mücke laune richtig wunderschön süß süße erwartet falsche | die des in du von`},
	{"nl", `het een niet van ik maar voor ook zijn op dat heel goed goede erg wij naar nog wel geen heb heeft hebben had hadden eten bediening
		lekker en met te aan bij om er als dan uit over door we je jij jullie ze hij zij mijn onze ons wat wie waar hoe wanneer
		waarom omdat moet moeten kan kunnen kon wil willen zal zou wordt werd worden gaat gaan ging doen doet gedaan veel weinig
		alles niets iets altijd nooit weer nu vandaag morgen gisteren dag dagen jaar avond week mensen leven huis vriend slecht slechte
		beter beste mooi leuk leuke dank bedankt hallo graag jammer duur langzaam snel koud vriendelijk personeel gewacht uur geld
		winkel besteld bestelling levering geleverd kamer prijs deze dit die daar hier toch eens echt zo tot onder tegen zonder
		super via | de is in was of`},
	{"sv", `och det att är inte jag en ett som på för med av till den har var vi du han hon de om men så kan ska vill mycket
		mat maten bra dålig dåligt nu när där här vad hur varför alla inget något aldrig alltid idag igår imorgon tack hej mig dig oss
		från efter eller också bara väldigt fick få kommer blev blir vara mer personal personalen tjänst leverans väntade kronor
		snabb långsam trevlig`},
	{"da", `og det at er ikke jeg en et som på for med af til den har var vi du han hun de om men så kan skal vil meget
		mad maden god godt dårlig nu når der her hvad hvordan hvorfor alle ingen noget aldrig altid i dag tak hej mig dig os
		fra efter eller også kun blev bliver være mere betjening betjeningen ventede levering venlig hurtig langsom lidt selv kom fik`},
	{"no", `og det å er ikke jeg en et som på for med av til den har var vi du han hun de om men så kan skal vil mye veldig
		mat maten god bra dårlig nå når der her hva hvordan hvorfor alle ingen noe aldri alltid i dag takk hei meg deg oss
		fra etter eller også bare ble blir være mer betjening betjeningen ventet levering hyggelig rask treg litt selv kom fikk`},
	{"fi", `ja on ei se että oli en hän minä sinä me te he ole olen olet ovat olla mutta kun niin myös vain nyt tämä tuo mitä kuka missä
		miksi jos tai kuin hyvä hyvää huono ruoka palvelu erittäin todella aina koskaan paljon kiitos hei oli olivat oikein meni
		tuli sitten ihan vielä kanssa ilman odotimme minuuttia henkilökunta hidas kylmä`},
	{"pl", `i w nie na się sie z do to jest że ze jak ale co tak za od po dla jestem był była było są bardzo tylko już juz też tez czy
		mnie mi mam ma może moze dobrze dobra dobry dobre zły źle jedzenie obsługa obsluga polecam nigdy zawsze dziękuję dziekuje
		dzień dzisiaj jutro wszystko nic kiedy gdzie dlaczego kto ten ta te tego tej przez przed przy bez czekaliśmy zamówienie smaczne długo
		super via`},
	{"cs", `a je se na v že ve to s z do jsem byl byla bylo jsme jsou ale jak tak co už uz jen za od po pro velmi dobře dobré dobrý jídlo
		jidlo obsluha není neni nebyl nic vždy nikdy děkuji dnes zítra proč kde kdy kdo tento tato při bez také taky ještě moc
		mám má nás nám minut čekali špatné pomalá doporučuji`},
	{"hu", `a az és nem hogy egy is van volt de ez ezt meg már csak mint ha még vagy nagyon jó rossz étel kiszolgálás itt ott
		most ma holnap tegnap miért hol mikor ki mi mit minden semmi soha mindig köszönöm volt voltak vagyok lesz nekem nekünk
		pincér finom lassú vártunk percet ajánlom`},
	{"ro", `și si nu este e în un o cu pe la de din pentru care mai am ai are fost foarte dar ca că sa să se sunt era acest această
		mâncare mâncarea mancare mancarea bun bună buna rău rea prost serviciu serviciul servirea niciodată mereu mulțumesc multumesc azi mâine ieri
		unde când de ce cine tot toate nimic așteptat asteptat lent recomand ne mi le lor noastră`},
	{"tr", `ve bir bu da de için çok cok ama ne var yok değil degil ile gibi daha en ben sen biz siz onlar mi mı mu mü kadar her şey sey
		iyi kötü kotu güzel guzel yemek yemekler servis hizmet asla hiç hep teşekkürler tesekkurler bugün yarın dün neden nerede
		oldu olan olarak sonra önce göre bile şu o ki bize bana geldi bekledik dakika garson tavsiye ederim yavaş soğuk lezzetli fiyat`},
	{"id", `yang dan di itu ini dengan untuk tidak dari dalam akan pada saya kami kita anda mereka ada juga sudah bisa karena tapi
		tetapi lebih sangat banyak sekali makanan pelayanan enak lama harga mahal murah tempat baik buruk jangan tak nya ke kalau
		apa siapa mana kapan kenapa bagaimana terima kasih selalu pernah belum hanya saja sama aku kamu gak nggak banget lambat menunggu menit`},
	{"vi", `và của là không có được cho một những các này đó với người trong rất nhưng để khi đã sẽ tôi bạn chúng ta món ăn ngon dở
		phục vụ quá nhân viên lâu giá đắt rẻ cảm ơn lần cũng như thì mà ở đến`},
	{"hr", `i je u na se da su ne za od s sa koji koja što sto kao ali nije bio bila bilo smo sam si ste vrlo jako samo već vec ili ako kad
		kada gdje zašto tko hrana usluga osoblje dobro dobra dobar loše nikad uvijek hvala danas sutra jučer sve ništa čekali
		preporučujem sporo ljubazno minuta`},
	{"hi", `hai hain nahi nahin kya bahut bohot accha acha achha mein ka ki ko se aur bhi tha thi toh kar raha rahe rahi kuch sab
		yaar bhai khana bilkul lekin kyun kyu kab kaise mera mere meri tera aap hum tum yeh woh wala wali gaya hua kiya
		ekdum thoda bht hota hoti dil pyar ne ho`},
	{"ca", `els i amb però molt aquest aquesta és són està una per més que no ha hem va bé menjar servei gràcies avui sempre mai res
		també perquè quan on què nosaltres hi ens això molta bona bon lent fred`},
}

// What one word or letter of a single language says; a shared one says less.
const (
	sureWord       = 12
	surePart       = 5
	typicalLetter  = 5
	possibleLetter = 2
)

// languageMask has bit i set where latin[i] holds.
type languageMask uint32

// wordEvidence is what one word says.
type wordEvidence struct {
	langs languageMask
	score int32 // for each of them
}

// evidence returns the words of all lists, in their order, and what each says.
func evidence() (words []string, table map[string]wordEvidence) {
	table = map[string]wordEvidence{}
	weak := map[string]bool{}
	for i, l := range latin {
		strong, names, _ := strings.Cut(l.words, "|")
		for _, w := range strings.Fields(names) {
			weak[w] = true
		}
		for _, w := range strings.Fields(strong + " " + names) {
			e, listed := table[w]
			if !listed {
				words = append(words, w)
			}
			e.langs |= 1 << i
			table[w] = e
		}
	}
	for w, e := range table {
		e.score = max(1, sureWord/int32(bits.OnesCount32(uint32(e.langs))))
		if weak[w] {
			e.score = (e.score + 1) / 2
		}
		table[w] = e
	}
	return words, table
}

func latinIndex(code string) int {
	for i, l := range latin {
		if l.code == code {
			return i
		}
	}
	panic("no word list for " + code)
}
