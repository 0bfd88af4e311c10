//! Words the sentences are made of, as blank-separated lists.

/// Countable nouns with a regular plural.
pub(super) const NOUNS: &str = "
abbey acorn adviser album alley anchor angle answer antler anvil apple apron arbour archive armour
arrow artist ash atlas attic auction author autumn avenue axle badge baker ballad bandage banner bargain
barge barley barn barrel basin basket battery bay beacon beam bearing beaver beetle bell bench berry
bicycle bird biscuit blacksmith blanket blossom boat bobbin boiler bolt bonfire book border bottle
boulder boundary bowl box bracelet bramble branch brass bread breeze brewery brick bridge bridle brook broom
brother bucket buckle builder bundle burden burrow butcher button cabin cabinet cable cake calendar camera
camp canal candle canoe canvas canyon captain caravan card cargo carpenter carpet carriage cart carver
castle cathedral cattle cave cedar cellar ceremony chair chalk chamber channel chapel chapter chart chest chimney
choir cider circle circus citizen clarinet clasp clay clerk cliff clinic cloak clock cloth cloud clover coach
coal coast cobbler coin collar colony column comet commission compass concert copper coral cork corner
corridor costume cottage council counter county courier court courtyard cousin cove cradle crane crate
creek crest cricket crop crossing crow crown crystal cupboard curtain cushion custom cylinder dairy dam
dancer daughter dealer debt deck deer delta dentist desert desk detour diary dinner dispute ditch
dock doctor dolphin donkey door dove dragon drawer dream dress drift driver drum duchess duck dune dusk eagle
echo editor elbow elder election ember emblem engine engineer errand estate evening exhibition expedition
fable factory falcon farm farmer feather fence fern ferry festival fiddle field figure filter finger fire
fireplace fisher flag flame flask fleet floor flour flower flute fog folder forest forge fork fort fortune
fossil fountain fox frame freight friend frost furnace furrow gallery garden garland garment garrison
gate gear general ghost giant glacier glade glass glove goat goose gorge governor grain granary grape
grave greenhouse grove guard guest guide guitar gull gutter hall hammer hammock harbour harness harp
harvest hat hatch hawk hayloft hazel hearth hedge helmet herald herd hermit heron hill hinge hollow honey
hook horn horse hospital hotel hound hour house hunter hut hymn inlet inn insect island ivy jacket jar
jetty jewel journal journey judge jug jungle juniper kettle key kiln king kitchen kite kitten knot
laboratory labourer ladder lady lagoon lake lamp lane lantern lark lawn lawyer leaf ledger legend lemon lens
lesson letter lever librarian library lighthouse lily lime line lion lizard loaf locket lodge log loom lord lotus
lumber lute machine magnet magpie mailbag mallet manor mantle map maple marble market marsh mason mast
mattress mayor maze meadow medal melody melon merchant message messenger meteor mill miller miner mirror
mist moat monk monument moon mooring morning mosaic moss moth motor mound mountain mural museum musician
mustard nail needle neighbour nephew nest net nettle newspaper niece night nightingale notebook novel nun nurse nut
oak oar oasis oat observatory ocean office officer olive onion orange orchard orchestra order organ
ornament orphan otter outpost oven owl oxcart oyster package paddle page painter painting palace palm
pamphlet pan panel panther paper parade parcel parish park parrot partner passage passenger pasture path
patrol pavement pavilion peach pear pearl peasant pebble pedlar pencil pepper petal petition pheasant
photograph physician pianist piano picnic picture pier pigeon pilgrim pillar pillow pilot pine pioneer
pipe pirate pistol pitcher planet plank plateau platform plough plum pocket poem poet pole pond pony poplar
porch port portrait postcard poster potter pouch powder prairie present prince printer prisoner prophet
pulley pump puppet purse puzzle pyramid quarrel quarry quarter queen question quill quilt rabbit raft
rag railing railway rain rampart ranger raven reaper recipe reef refuge regiment relic reservoir restaurant
ribbon riddle ridge ring river road robe robin rocket roof room rooster root rope rose rudder rug ruin
sack saddle sail sailor saint salmon sand sandal satchel saucer sawmill scaffold scarf scholar school
scribe scroll sculptor seal seamstress season secret seed senator servant settler shadow shawl shed shell
shelter shepherd shield shilling ship shoe shop shore shovel shrine shutter sickle signpost singer sister
sketch skylark slate sledge smuggler snail snowdrift soldier song sparrow spear spice spider spire
spoon spring squirrel stable stage stair stall stamp star station statue steam steeple stone stool storm
stove stranger stream street string student suitcase summer sundial surgeon swallow swamp swan sword symphony
table tailor tale tambourine tanner tapestry tavern tea teacher teapot telegram telescope temple tenant
tent terrace theatre thicket thimble thistle thorn thread threshold throne thunderstorm ticket tide tiger timber
tinker toad toast token tomb tool torch tortoise tower town trader trail train trap traveller tray treasure
treaty tree trench tribe tributary trumpet trunk tulip tunnel turnip turret twig uncle uniform valley van
vase vault veil vessel viaduct village vine vineyard violin violet visitor voice volcano voyage wagon waiter
wall walnut warden warehouse warrior watch watchman waterfall weaver wedding weir well whale wharf wheel
whistle widow willow wind windmill window wing winter witness wizard workshop worm wreath wren yard zebra";

/// Adjectives.
pub(super) const ADJECTIVES: &str = "
abandoned able absent abundant actual aged airy amber ample ancient angry anxious arched ardent ashen
awkward bare barren battered beautiful bent bitter black blank bleak blind blue blunt bold bony borrowed
bright brisk brittle broad broken bronze brown bulky busy calm careful careless carved cautious celebrated central
cheap cheerful chilly chipped clean clear clever clumsy coarse cold colourful common compact complete
cool costly cracked crimson crisp crooked crowded crude curious curved damp dark dear deep delicate dense
dim distant distinguished double doubtful drab dry dull dusty eager early earnest eastern easy elaborate elderly elegant
empty endless enormous entire exact expensive faded faint fair faithful familiar famous fancy fatal fearless
feeble fertile fierce final fine firm flat foggy folded foreign forgotten formal fragile fragrant freezing
fresh friendly frosty frozen full funny gaunt generous gentle giant gilded glad gleaming gloomy glossy
golden graceful grand grateful grave greasy great green grey grim hairy handsome handy happy hard harsh
hasty heavy hidden high hoarse hollow honest huge humble hungry icy idle ill imperial innocent iron
jagged jealous jolly juicy keen kind large late lazy lean leather light little lively lofty lonely long loose
lost loud lovely loyal lucky mellow merry mighty mild misty modest moist mossy muddy muffled mute narrow
native neat nervous new nimble noble noisy northern numb obedient odd old open orange orderly ornate
oval painted pale patient peaceful peculiar pink plain pleasant polished polite poor popular powerful
precious pretty private proud pure purple quaint quick quiet radiant ragged rainy rapid rare raw ready red
remote restless rich rigid ripe rival roasted rocky rotten rough round royal rude rural rustic rusty sacred
sad salty sandy savage scarce scarlet secret sensible serious severe shabby shady shallow sharp shiny short
shrewd shy silent silken silver simple sincere sleepy slender slight slippery slow small smooth sober
soft solemn solid sombre sour southern spacious spare sparkling splendid spotless stale startled steady steep
stern sticky stiff stony stormy stout straight strange striped strong stubborn sturdy sudden sullen sunny
superb sweet swift tall tame tangled tardy tattered tender tense thick thin thirsty thorny tidy timid tiny
tired tough tragic tranquil trim troubled twisted unequal uneven unknown unusual upright urgent useful usual
vacant vague valiant vast velvet vivid warm wary watchful weak wealthy weary western wet white whole
wicked wide wild willing windy wise withered wooden woollen worn worthy yellow young zealous";

/// Transitive verbs in the past tense.
pub(super) const TRANSITIVE: &str = "
abandoned accepted accused admired admitted adored advised altered amused announced answered approached
approved arranged assembled attacked auctioned avoided awaited baked balanced banished begged believed bent
besieged bit blamed blessed blocked boiled bolted borrowed bought bound breached broke brought brushed built buried
burned bypassed called carried carved caught celebrated chained challenged charmed chased cheated cherished
chose circled claimed cleaned cleared climbed closed collected combed comforted commanded compared completed
concealed condemned confused conquered copied corrected counted covered cracked crossed crushed cured cut damaged
decorated defeated defended delayed delivered demanded denied deserted described destroyed discovered
discussed disguised dismantled displayed disturbed divided donated doubted dragged drained drew dropped drowned dug
dusted earned embraced emptied encircled encouraged engraved enjoyed entered escorted examined exchanged
explored fastened fed fetched filled finished fixed flattered flooded folded followed forgave forged forgot
fought found framed freed frightened furnished gathered gave glimpsed greeted ground guarded guided halted
hammered hauled healed heard heaved hid hired hoisted honoured hunted ignored imitated inherited inspected
insulted interrupted invented invited joined judged kept kicked knew ladled led left lent lifted lit loaded
located locked lost loved lowered made marked measured melted mended mentioned met missed mistook mocked
mounted moved named needed noticed obeyed observed offered opened ordered outlined overlooked overtook owned
packed painted paid patched persuaded photographed picked pierced pitied placed planted played plucked
polished poured praised preferred prepared preserved printed promised protected proved pulled punished
purchased pushed questioned quoted raised ransomed reached read rebuilt received recited recognised recorded
refused rejected released relished remembered removed renamed rented repaired replaced reported rescued
resembled restored returned revealed reversed rewarded rode rolled ruined sailed saluted saved scattered
scolded scrubbed sealed searched seized sent served settled sewed shadowed shaped shared sheltered
showed shut signed sketched sliced smelled smuggled sold sought spared sealed spoiled spotted spread
sprinkled squeezed stacked startled steered stitched stole stopped stored struck studied summoned supplied
supported surprised surrounded surveyed suspected swallowed swept swung taught tasted tended tested thanked threatened
threw tied tore touched towed traced traded trained translated trapped treasured trimmed trusted turned
unearthed unfolded unloaded unlocked untied unveiled upset used valued visited volunteered wanted warmed
warned washed watched watered weighed welcomed whittled widened withdrew won wore worshipped woke wrapped wrote";

/// Intransitive verbs in the past tense.
pub(super) const INTRANSITIVE: &str = "
advanced agreed appeared argued arrived awoke begged blazed blinked bloomed blushed bowed breathed camped
ceased cheered clattered collapsed complained coughed crawled creaked crept cried crumbled danced
daydreamed departed descended disappeared dozed dreamed drifted drowned echoed emerged escaped faded fainted
fell fidgeted fled flew floated flourished flowed frowned froze galloped gasped giggled glittered glowed grew
groaned grumbled hesitated howled hummed hurried jumped kneeled knocked laboured laughed leaped lingered
listened loitered marched melted mourned mumbled murmured nodded objected obeyed paused perished prayed
prospered quarrelled quivered raced rambled reappeared recovered rejoiced relaxed rested retired retreated
returned roared rose rotted rowed rusted sang sank scrambled screamed settled shivered shone shouted
shrank shrugged shuddered sighed skidded slept slid slipped smiled snored soared sobbed spun squeaked
staggered stared stood strolled stumbled succeeded surrendered swam swayed trembled tumbled vanished
wandered waited waned wavered wept whispered whistled withered wondered worked yawned yielded";

/// Adverbs of manner and time.
pub(super) const ADVERBS: &str = "
abruptly again almost alone already always anxiously apparently barely bitterly blindly boldly bravely
briefly brightly briskly calmly carefully carelessly certainly cheerfully cleverly clumsily coldly
constantly continually curiously deftly deliberately dimly discreetly dutifully eagerly easily eventually
evidently faithfully faintly finally firmly foolishly formally frankly freely gently gladly gracefully
gradually gratefully happily hastily heartily hesitantly honestly humbly hurriedly idly immediately
inevitably kindly lately lazily lightly loudly loyally meekly merrily mildly modestly nearly neatly nervously
nightly obediently oddly often openly patiently perhaps politely presently promptly proudly publicly
quickly quietly rarely readily recently reluctantly repeatedly rudely sadly seldom sharply silently
simply slowly softly solemnly somehow soon steadily sternly stiffly strangely suddenly swiftly tenderly
thoroughly together tirelessly twice unexpectedly usually vainly vigorously warmly wearily wisely";

/// Prepositions of place and time.
pub(super) const PREPOSITIONS: &str = "
above across after against along among around before behind below beneath beside between beyond by
despite during inside near opposite outside over past since through throughout towards under until
upon with within without";

/// Syllables of invented names.
pub(super) const SYLLABLES: &str = "
al an ar bel ber bran cal car cor dal dor el er fal fen gar gil hal har il is jor kal kel lan lor mar mel
mir nal nor ol or pel per quil ral ren ros sal ser sil tal tam tor ul un val ver vin wel wen yar yel zan zor";

/// Endings of invented names.
pub(super) const NAME_ENDINGS: &str =
    "a ana beth by dale den dor ell enna eth ford grim ham ia ick ina
ley lin mere mond na nock ora ric rin sby sten ston ta thorpe ton us va vale ward wick win worth";

/// Everyday Chinese words of one to three characters.
pub(super) const CJK_WORDS: &str = "
春天 夏天 秋天 冬天 早晨 中午 傍晚 夜里 山谷 河流 大海 湖水 森林 草地 城市 村庄 街道 小路 桥梁 房屋 窗户 门口 院子 花园
老人 孩子 母亲 父亲 朋友 老师 学生 医生 工人 农民 商人 船长 画家 音乐 歌声 故事 书本 信件 报纸 地图 照片 钟表 灯光 火车
汽车 船只 马车 飞鸟 白马 黑猫 黄狗 鱼群 牛羊 蜜蜂 蝴蝶 树叶 花朵 果实 种子 石头 沙土 雨水 雪花 风声 云彩 太阳 月亮 星星
发现 看见 听到 想起 忘记 记得 找到 带来 送给 打开 关上 走过 经过 离开 回到 等待 寻找 修理 建造 画出 写下 读完 唱起 笑着
安静 明亮 黑暗 温暖 寒冷 美丽 古老 年轻 高大 矮小 宽阔 狭窄 清楚 模糊 简单 复杂 快乐 悲伤 勇敢 害怕 干净 破旧 遥远 附近
一个 两个 三只 许多 几乎 全部 一些 每次 突然 慢慢 终于 仍然 已经 曾经 也许 一起 独自 再次 悄悄 忽然 立刻 常常 偶尔 永远
茶杯 面包 米饭 水果 衣服 帽子 鞋子 木箱 铁门 铜镜 银币 金色 红色 蓝色 绿色 白色 灰色 道理 消息 秘密 希望 梦想 时间 声音
学校 医院 图书馆 博物馆 火车站 码头 市场 工厂 农场 教堂 寺庙 广场 塔楼 城墙 山洞 沙漠 海岸 岛屿 平原 高原 边界 故乡 远方";

/// Stems of Russian-like nouns, verbs and adjectives.
pub(super) const CYRILLIC_STEMS: &str = "
берег вечер голос город дерев дорог звезд зерн игр камен книг колокол корабл костр лес лист лод лун мастер мор
мост музык неб облак огн озер окн остров пар песн печ письм площад пол порог прав птиц путник рек рисун рук рын
сад свет север серебр сказ снег солнц соль стар стен степ стол стран стук сумерк тен тих торг трав туман тропин
угол улиц утр холм хлеб храм цвет час чердак шаг школ шум щит юг янтар ясн ветк весн вод волн воск горн гроз
дым дуб зим зор кам клен корен крыш кузн купец лад луч лист мед мельниц мыс нитк нож осен пес плот пруд пут";

/// Endings that turn the stems into Russian-like words.
pub(super) const CYRILLIC_ENDINGS: &str = "
а ом ами ный ного ная ной ные ник ника ники ову ский ского ина инка ить ил ила или ает ают енный ость остью овать
овал ушка ушки иво ком ке ках ец еца ание анием ище ющий но ть ли ли яя ев ево очка очки";
